"""What a task is called in a list, and the tables that its name and its columns are read from."""

from typing import TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.domain import dictionaries
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.people import Organisation, Person
from app.models.process import Deadline, ProcessInstance, Task
from app.models.request import TaskCopy, TaskRequest
from app.models.review import ReviewSession

Columns = TypeVarTuple("Columns")
holder, applicant, _unit = aliased(Person), aliased(Person), aliased(Organisation)
ABOUT = func.coalesce(ReviewSession.title, Organisation.name)  # what a task about no declaration is told apart by
# the applicant's unit, or the agency in its place: known from the submission on
UNIT = func.coalesce(*(Declaration.route[("bodies", each)].as_integer() for each in ("unit", "agency")))
UNIT_NAME = select(_unit.name).where(_unit.id == UNIT).correlate(Declaration).scalar_subquery()


def joined(statement: Select[*Columns], of: type[TaskCopy] | type[TaskRequest] | None = None) -> Select[*Columns]:
    """`of` begins at the rows of another table that names tasks: so many tables are joined in the order written."""
    begun = statement.select_from(Task) if of is None else statement.select_from(of).join(Task, Task.id == of.task_id)
    return (
        begun.join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .join(NoticeVersion, NoticeVersion.id == ProcessInstance.notice_version_id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(applicant, applicant.id == Declaration.person_id)
        .outerjoin(holder, holder.id == Task.person_id)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(ReviewSession, ReviewSession.instance_id == Task.instance_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
    )


def title(name: str, person: str | None, specialty: str | None, level: str | None, other: str | None = None) -> str:
    """`任务名·申报人·专业级别`; where no declaration is concerned, `other` instead: the session, or else the office."""
    about = dictionaries.label("specialty", specialty) + dictionaries.label("level", level)
    parts = (name, person, about) if person else (name, other)
    return "·".join(part for part in parts if part)


def title_of(session: Session, task: Task) -> str:
    """The title of one task."""
    statement = joined(select(applicant.name, Declaration.specialty, Declaration.level, ABOUT))
    return title(task.name, *session.execute(statement.where(Task.id == task.id)).one())
