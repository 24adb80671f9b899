"""Electronic certificates, for diagrams."""

from app.domain import messages
from app.domain.certificates import issuing
from app.functions.case import Case
from app.functions.registry import diagram_function

ROLES = {"municipal_tro": "municipal_tro", "district_tro": "district_tro"}


@diagram_function
def start_certificate(case: Case) -> None:
    """办理证书：职称确认后启动电子证书办理，与本流程各自进行。"""
    messages.post_start(
        case.session,
        "certificate",
        notice_version_id=case.instance.notice_version_id,
        declaration_id=case.declaration.id,
        sender_id=case.instance.id,
    )


@diagram_function
def replaces_certificate(case: Case) -> bool:
    """补办：本件是遗失补办的为真。"""
    return bool(case.instance.subject.get("replaces_id"))


@diagram_function
def certificate_organ(case: Case) -> int:
    """审批机关：印发职称资格确认通知的机构。"""
    return issuing.organ_of(case.session, case.declaration).id


@diagram_function
def certificate_organ_role(case: Case) -> str:
    """审批机关的办理岗位：市职改办、区县职改部门，其余为职称评审办事机构。"""
    return ROLES.get(issuing.organ_of(case.session, case.declaration).kind, "committee_office")


@diagram_function
def register_certificate(case: Case) -> None:
    """登记证书信息：核对文号、日期和照片，不符的一次列全；相符的保存。"""
    issuing.register(case.session, case.declaration, case.values)


@diagram_function
def issue_certificate(case: Case) -> str:
    """生成电子证书：编号并生成带签名二维码的证书，返回证书编号；补办的原号不再使用。"""
    replaced = case.instance.subject.get("replaces_id")
    return issuing.issue(case.session, case.declaration, replaced).number


@diagram_function
def void_certificate(case: Case, reason: str) -> bool:
    """证书失效：职称撤销后使有效证书失效，没有有效证书的为假。"""
    return issuing.void(case.session, case.declaration, reason) is not None
