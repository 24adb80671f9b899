"""Answers that come along with another statement are what the statement itself would have given."""

from typing import Any

from sqlalchemy import bindparam, literal, select
from sqlalchemy.orm import Session

from app import ahead
from app.db import Database
from app.domain import publicity
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.recommendation import BatchEntry, Publicity, UnitBatch
from app.rows import objects
from tests.support import cases

SAID: dict[str, Any] = {
    "名称": "数据“平台”",
    "人数": 12,
    "比例": 0.1,
    "空": None,
    "表": [{"_id": "a", "evidence": [1, 2]}],
}
_TABLES = [model.metadata.tables[model.__tablename__] for model in (Declaration, BatchEntry, Publicity, Person)]
QUESTION = (
    select(*_TABLES)
    .join(_TABLES[1], _TABLES[1].c.declaration_id == _TABLES[0].c.id)
    .join(_TABLES[3], _TABLES[3].c.id == _TABLES[0].c.person_id)
    .outerjoin(_TABLES[2], _TABLES[2].c.batch_id == _TABLES[1].c.batch_id)
    .where(_TABLES[1].c.batch_id == bindparam("batch"), _TABLES[0].c.year == bindparam("year"))
    .order_by(_TABLES[1].c.id)
)
BATCHES = select(UnitBatch.metadata.tables["unit_batch"]).where(UnitBatch.id == bindparam("batch"))


def packed(session: Session, question: ahead.Question, **about: Any) -> str | None:
    given = {key: literal(value) for key, value in about.items()}
    return session.scalar(select(ahead.packed(question, given, session.get_bind().dialect.name)))


def two_names(session: Session) -> UnitBatch:
    season = cases.season(session)
    batch = cases.recommended(season, cases.submitted(season, said=SAID), cases.submitted(season, "yi"))
    channels = [{"kind": kind, "name": "联络员", "phone": "023-67890000"} for kind in publicity.CHANNELS]
    publicity.start(session, batch, season.actor("clerk", "institute"), publicity.Plan(channels, "公示栏"))
    session.flush()
    return batch


def test_packed_rows_are_the_rows_of_the_question(database: Database) -> None:
    with database.transaction() as session:
        batch = two_names(session)
        about = {"batch": batch.id, "year": 2023}
        rows = [list(row) for row in session.connection().execute(QUESTION, about)]
        ahead.lay(session, QUESTION, about, packed(session, QUESTION, **about))

        found = ahead.taken(session, QUESTION, about)

        assert [list(row) for row in found or ()] == rows
        assert [[type(value) for value in row] for row in found or ()] == [
            [type(value) for value in row] for row in rows
        ]
        assert len(rows) == 2
        assert packed(session, QUESTION, batch=0, year=2023) == "[]"


def test_an_answer_is_taken_once_and_only_for_its_question(database: Database) -> None:
    with database.transaction() as session:
        batch = two_names(session)
        about, other = {"batch": batch.id}, {"batch": batch.id + 1}
        ahead.lay(session, BATCHES, about, packed(session, BATCHES, **about))
        ahead.lay(session, QUESTION, about, None)

        assert ahead.taken(session, BATCHES, other) is None
        assert ahead.taken(session, QUESTION, about) is None
        assert ahead.answered(session, BATCHES, other) == []
        assert objects(session, BATCHES, about, UnitBatch) == [batch]
        assert ahead.taken(session, BATCHES, about) is None
        assert [row.id for row in ahead.answered(session, BATCHES, about)] == [batch.id]


def test_an_answer_that_is_dropped_is_asked_for(database: Database) -> None:
    with database.transaction() as session:
        batch = two_names(session)
        about = {"batch": batch.id}
        ahead.lay(session, BATCHES, about, "[]")
        ahead.drop(session, BATCHES)

        assert objects(session, BATCHES, about, UnitBatch) == [batch]
