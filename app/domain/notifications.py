"""Notifications: written in the transaction of what they tell, from texts that the notice may word itself (D16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import notices
from app.errors import ConfigurationError
from app.models.notification import Notification

TEXTS: dict[str, tuple[str, str]] = {
    "completion_requested": (
        "请补充完善申报材料",
        "{office}通知您于{due}前补充完善：{items}。如有疑问，请联系{contact}。",
    ),
    "correction_requested": (
        "一次性告知补正",
        "{office}已一次性告知需补正的全部内容，请于{due}前补正：{items}。如有疑问，请联系{contact}。",
    ),
    "route_warning": ("审核时间将满", "{applicant}的申请书须在{due}前完成逐级审核，现由{office}办理。"),
    "overdue": ("逾期未审，待处理", "{applicant}的申请书在{due}前未完成审核，已转评委会组建单位处理。"),
    "ended": ("办理结果", "您的申请书办理结果：{outcome}。如有疑问，请联系{contact}。"),
    "submitted": ("申报已提交", "您的申请书（编号{number}）已提交，等待{office}审核。"),
    "accepted": ("申报已受理", "您的申请书已受理，受理编号{number}。"),
    "recommended": ("已推荐上报", "您已由{unit}推荐上报，接下来由上级部门审核。"),
    "paid": ("评审费已登记", "您的评审费{amount}元已登记缴纳，请等待评审安排。"),
    "payment_due": ("请缴纳评审费", "应缴评审费{amount}元，请于{due}前缴纳。"),
    "payment_reminder": ("催缴评审费", "您的评审费{amount}元尚未缴纳，请于{due}前缴纳；已缴纳的请忽略本通知。"),
    "publicity_started": ("单位公示开始", "您的申报材料由{unit}公示，公示期为{days}。公示期间请保持电话畅通。"),
    "publicity_restarted": (
        "单位公示将重新开始",
        "{unit}的本次公示已终止：{reason}。更正后重新公示，公示期重新起算，起止日期另行通知。",
    ),
    "publicity_over": ("单位公示期满", "本批单位公示已期满，请核对公示情况，办理结束公示、签字盖章和推荐上报。"),
    "window_changed": ("申报时间调整", "根据{basis}，{window}调整为{due}。"),
    "held": ("暂缓推荐上报", "您的申请书存在争议，正在核实：{reason}。"),
    "status_changed": ("申报人情况变化", "{applicant}的情况发生变化：{reason}，请处理。"),
    "substitute_named": ("委托代办", "您受委托在{until}前代为办理{role}的事项。"),
    "returned": (
        "申报材料被退回",
        "{office}已将{applicant}的申请书退回至“{task}”：{reason}。请修改后重新提交，如有疑问，请联系{contact}。",
    ),
    "unit_closing": ("单位内部截止", "{unit}要求于{day}前提交申请书，以便审核、公示和推荐上报。"),
    "unit_closing_near": ("单位内部截止临近", "{unit}要求于{day}前提交申请书，您的申请书尚未提交，请抓紧办理。"),
    "certificate_returned": ("证书信息须更正", "您登记的证书信息须更正：{reason}。请修改后重新提交。"),
    "certificate_issued": ("电子证书已生成", "您的职称电子证书（编号{number}）已生成，可在“我的证书”中下载。"),
    "expert_invitation": (
        "请补充完善评审专家信息",
        "您被{by}推荐为“{committee}”拟入库专家，请于{due}前登录平台补充完善个人详细信息。",
    ),
    "expert_returned": ("评审专家申报被退回", "{office}退回了您的评审专家申报：{reason}。请修改后重新提交。"),
    "expert_result": ("评审专家申报结果", "您申报的“{committee}”评审专家，办理结果：{outcome}。"),
    "pool_expiring": ("专家库任期将满", "“{committee}”专家库和核准备案将于{day}届满，请及时组织换届、重新核准备案。"),
    "pool_expired": ("专家库任期届满", "“{committee}”专家库和核准备案已于{day}届满，重新核准备案前不能组织评审。"),
    "result_publicity_started": (
        "评审结果公示",
        "您已通过{committee}组织的评审，评审结果公示期为{days}。请保持电话畅通。",
    ),
    "report_overdue": ("评审情况报告未按期报送", "评审情况报告的报送期限已届满，尚未报送，请抓紧办理。"),
    "draft_overdue": (
        "职称资格确认通知未按期拟报",
        "代拟职称资格确认通知的期限已届满，尚未报请确认，请抓紧办理。",
    ),
    "confirmed": ("已确认职称资格", "您的职称资格已确认，文号{number}。接下来办理评审材料归档。"),
    "confirmation_forwarded": (
        "确认通知已转发",
        "{number}已转发至您的申报单位，请打印评审表，送各单位补盖鲜章后归档。",
    ),
    "archive_overdue": (
        "确认通知未按期转发",
        "{applicant}的职称资格确认通知的转发期限已届满，尚未转发，请抓紧办理。",
    ),
    "expert_invited": (
        "参评确认（保密）",
        "您已被抽取参加{session}，请于{due}前登录系统办理参评确认。请注意保密，不要向他人透露。",
    ),
    "roster_fixed": ("评委名单已确定（保密）", "{session}的评委名单已确定，请做好会议准备。名单在会议前保密。"),
    "recheck_late": ("复查申请逾期", "{reply}"),
    "recheck_replied": ("复查结果", "您的复查申请答复如下：{reply}"),
    "recheck_overdue": ("复查结果未按期告知", "{applicant}的复查申请的答复期限已届满，尚未告知结果，请抓紧办理。"),
    "complaint_note": ("投诉举报补充情况", "第{number}号投诉举报的反映人补充了情况，请查看。"),
    "title_revoked": ("职称已撤销", "经查证，您的职称已撤销，决定文号{number}，证书失效。您可依法申请复核或者申诉。"),
    "transferred": ("事项转办", "{who}将“{task}”转办给您办理：{reason}。"),
    "delegated": ("请您提出意见", "{who}就“{task}”委派您提出意见：{reason}。答复后由其办理。"),
    "sign_asked": ("请您会签", "{who}就“{task}”请您加签：{reason}。"),
    "request_answered": ("已收到答复", "{who}已就“{task}”答复：{answer}。"),
    "request_over": ("不再需要答复", "“{task}”的{verb}{why}，不再需要您答复。"),
    "copied": ("抄送", "{who}将“{task}”抄送给您：{reason}。"),
    "figures_alert": ("评审季预警", "{words}。详见评审季看板。"),
    "urged": ("催办", "{who}催办：{task}。"),
    "suspended": ("暂停办理", "{what}已暂停办理，原因：{reason}。恢复前不能办理，已填写的内容保留，期限暂停计算。"),
    "resumed": ("恢复办理", "{what}已恢复办理，期限继续计算，请按新的截止时间办理。"),
    "terminated": ("终止办理", "{what}已终止办理，原因：{reason}。"),
    "reassigned": ("改派事项", "{by}将“{task}”改派给您办理，原因：{reason}。"),
    "reassigned_away": ("事项已改派", "“{task}”已改派{to}办理，原因：{reason}。您保存的草稿已一并移交。"),
}


@dataclass(frozen=True)
class About:
    """What a notification is about; the notice's own wording of a template is used where it has one.

    `declarations`: person → his declaration, where several applicants are told the same.
    """

    notice_version_id: int | None = None
    declaration_id: int | None = None
    instance_id: int | None = None
    declarations: Mapping[int, int] = field(default_factory=dict)


def post(
    session: Session,
    to: Iterable[int],
    template: str,
    facts: Mapping[str, Any],
    about: About | None = None,
) -> list[Notification]:
    """One row a person; the notice's own wording of the template comes first. Raises ConfigurationError if unknown."""
    about = about or About()
    title, body = worded(session, template, facts, about.notice_version_id)
    rows = [
        Notification(
            person_id=person_id,
            template=template,
            title=title,
            body=body,
            facts=dict(facts),
            declaration_id=about.declarations.get(person_id, about.declaration_id),
            instance_id=about.instance_id,
            created_at=clock.now(session),
        )
        for person_id in dict.fromkeys(to)
    ]
    session.add_all(rows)
    return rows


def worded(session: Session, template: str, facts: Mapping[str, Any], notice_version_id: int | None) -> tuple[str, str]:
    """Title and body of a template, in the notice's own wording where it has one; a fact not given is left empty."""
    title, body = _wording(session, template, notice_version_id)
    known = {name: facts.get(name, "") for _, name, _, _ in Formatter().parse(title + body) if name}
    return title.format(**known), body.format(**known)


def count_unread(session: Session, person_id: int) -> int:
    wanted = select(func.count(Notification.id)).where(Notification.person_id == person_id)
    return session.scalar(wanted.where(Notification.read_at.is_(None))) or 0


def of_person(session: Session, person_id: int, limit: int = 100) -> list[Notification]:
    """Read and unread, newest first."""
    wanted = select(Notification).where(Notification.person_id == person_id)
    return list(session.scalars(wanted.order_by(Notification.id.desc()).limit(limit)))


def mark_all_read(session: Session, person_id: int) -> None:
    session.execute(
        update(Notification)
        .where(Notification.person_id == person_id, Notification.read_at.is_(None))
        .values(read_at=clock.now(session))
        .execution_options(synchronize_session=False)
    )


def mark_read(session: Session, person_id: int, ids: Iterable[int]) -> None:
    session.execute(
        update(Notification)
        .where(Notification.person_id == person_id, Notification.id.in_(list(ids)), Notification.read_at.is_(None))
        .values(read_at=clock.now(session))
        .execution_options(synchronize_session=False)
    )


def _wording(session: Session, template: str, notice_version_id: int | None) -> tuple[str, str]:
    if notice_version_id is not None:
        title, body = (notices.text_of(session, notice_version_id, f"{template}.{part}") for part in ("title", "body"))
        if title is not None and body is not None:
            return title, body
    if template not in TEXTS:
        raise ConfigurationError(f"没有名为“{template}”的通知模板。")
    return TEXTS[template]
