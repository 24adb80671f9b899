"""Who may step into a running case: managers into any but their own, a convening office where its notice says so (D29).

The notice's parameter `office_actions` names what the office may do with declarations it has accepted.
"""

from sqlalchemy.orm import Session

from app.domain import terms
from app.domain.permissions import Grants, require_role
from app.errors import ConfigurationError, NotAllowed
from app.models.declaration import Declaration
from app.models.process import ProcessInstance

MANAGERS = ("manager", "system_admin")
OFFICE = "committee_office"
ACTIONS = {
    "suspend": "挂起",
    "resume": "恢复办理",
    "terminate": "终止",
    "move": "移动到其他步骤",
    "retry": "重试",
    "reassign": "改派",
    "hold": "暂停和恢复计时",
    "edit": "更改业务数据",
}
RULE = "office_actions"


def granted(session: Session, grants: Grants, instance: ProcessInstance) -> set[str]:
    """The actions, keys of ACTIONS, that the person may take on the instance."""
    if is_own(session, grants.person_id, instance):
        return set()
    if grants.roles & set(MANAGERS):
        return set(ACTIONS)
    bodies = {each.organisation_id for each in grants.held if each.role == OFFICE}
    if not bodies or instance.declaration_id is None:
        return set()
    declaration = session.get_one(Declaration, instance.declaration_id)
    if declaration.accepted_at is None or terms.convening_organisation(session, declaration).id not in bodies:
        return set()
    return _ruled(session, declaration)


def require(session: Session, grants: Grants, instance: ProcessInstance, action: str) -> None:
    """NotAllowed unless the person may take the action on the instance."""
    if action in granted(session, grants, instance):
        return
    require_role(grants, *MANAGERS, OFFICE)
    if is_own(session, grants.person_id, instance):
        raise NotAllowed("本件涉及您本人的申报，请由其他管理人员办理。")
    raise NotAllowed(f"“{ACTIONS[action]}”由管理人员办理，您当前身份为{grants.title}。如需办理，请联系管理人员。")


def is_own(session: Session, person_id: int, instance: ProcessInstance) -> bool:
    """Whether the instance is about the person's own declaration: nobody handles what is his own."""
    if instance.declaration_id is None:
        return False
    return session.get_one(Declaration, instance.declaration_id).person_id == person_id


def _ruled(session: Session, declaration: Declaration) -> set[str]:
    """What the notice lets the office do; nothing where it is silent."""
    try:
        said = terms.parameter(session, declaration, RULE)
    except ConfigurationError:
        return set()
    return set(said or ()) & set(ACTIONS)
