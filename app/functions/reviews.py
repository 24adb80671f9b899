"""The review session, for diagrams: scheduling, agenda, opening, deciding, announcing, minutes."""

from datetime import datetime
from typing import Any

from app import clock
from app.domain.ballots import guarantees
from app.domain.draws import invitations, rounds
from app.domain.reviews import agenda, announcing, defences, minutes, openings, recusals, sessions
from app.domain.reviews import seats as seating
from app.domain.reviews.seats import Sitting
from app.domain.session_access import PRESIDING
from app.errors import ConfigurationError
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor, review
from app.models.draw import Invitation


@diagram_function
def convening_body(case: Case) -> int:
    """会议组建单位：本次评审会议所属评委会的组建单位，用于任务的办理机构。"""
    return sessions.convening_organisation(case.session, review(case)).id


@diagram_function
def schedule_session(case: Case) -> None:
    """安排会议：登记会议时间和地点；评委会在会议期间核准备案有效期届满或被暂停的，不能安排。

    Takes the form `session_schedule`.
    """
    begins, ends = _moment(case.values["planned_from"]), _moment(case.values["planned_until"])
    openings.schedule(case.session, review(case), begins, ends, case.values["place"])


@diagram_function
def cancel_session(case: Case) -> None:
    """取消会议：按刚填写的原因取消，议程上的申报人等待下次会议。"""
    openings.cancel(case.session, review(case), str(case.values.get("reason") or ""))


@diagram_function
def roster_seated(case: Case) -> bool:
    """评委已就座位：本次会议的评委名单已经确定并编排席位的为真。"""
    return seating.count(case.session, review(case).id) > 0


@diagram_function
def seat_roster(case: Case) -> int:
    """编排席位：按已确定的评委名单（委员、候补）编排席位，返回席位数；名单没有确定的不编排。"""
    drawn = rounds.of_session(case.session, review(case).id)
    if not any(each.status == "fixed" for each in drawn):
        return 0
    listed = invitations.roster(case.session, review(case).id)
    roster = [Sitting(each.expert_id, _position(each)) for each in listed]
    return len(seating.seat(case.session, review(case), roster))


@diagram_function
def build_agenda(case: Case) -> int:
    """列出议程：把本评委会已受理、已缴费、待评审的申报人列入议程并提示应回避的关系，返回人数。

    Called again it adds those who became ready meanwhile.
    """
    listed = agenda.build(case.session, review(case))
    recusals.suggest(case.session, review(case))
    return listed


@diagram_function
def fix_agenda(case: Case) -> int:
    """确定议程：移出已办结的，核对表单确认的人数，返回列入表决的人数。"""
    return agenda.fix(case.session, review(case), case.values.get("confirmed_count"))


@diagram_function
def open_session(case: Case) -> None:
    """开始会议：核对主持人、法定出席人数、封闭管理、录音录像、通信工具和保密承诺，首次投票前确定计算办法。

    Takes the form `session_open`; what is missing is said at once and the session stays closed.
    """
    counted = {"counted": True, "left_out": False}.get(str(case.values.get("recused_rule")))
    openings.open_session(case.session, review(case), {**case.values, "recused_count": counted}, actor(case))


@diagram_function
def needs_defence(case: Case) -> bool:
    """须专业答辩（考核）：通知要求答辩或者考核（考试），且本次会议尚未登记成绩的为真。"""
    return defences.required(case.session, review(case))


@diagram_function
def record_defence(case: Case) -> None:
    """登记答辩（考核）成绩：逐人登记，未参加的写明情况；供评委投票参考，写入会议记录。"""
    defences.keep(case.session, review(case), case.values.get("defences") or [], actor(case))


@diagram_function
def postpone_session(case: Case) -> None:
    """推迟会议（休会）：登记出席人数、原因和新的时间，评委到时重新签到。"""
    begins, ends = _moment(case.values["postponed_from"]), _moment(case.values["postponed_until"])
    openings.postpone(case.session, review(case), begins, ends, str(case.values.get("reason") or ""))


@diagram_function
def require_decided(case: Case) -> None:
    """核对表决情况：还有未表决的申报人或正在进行的投票时不能办理。"""
    announcing.require_decided(case.session, review(case))


@diagram_function
def presiding_role(case: Case) -> str:
    """主持人岗位：本次会议由主任委员还是副主任委员主持，用于任务的办理岗位。"""
    line = seating.presiding(case.session, review(case))
    if line is None:
        raise ConfigurationError(f"流程图的“{case.element}”要由主持人办理，但会议还没有主持人。")
    return line.seat.position


@diagram_function
def sign_result(case: Case) -> None:
    """宣布投票结果并签字：由主持人本人签字，记下评审结束时间；报送期限由此起算。"""
    announcing.announce(case.session, review(case), case.values, actor(case))


@diagram_function
def keep_minutes(case: Case) -> None:
    """登记会议记录：核对出席评委、评审对象、评议意见、投票结果、录音录像编号齐全后固定，缺少的一次列全。"""
    secrecy = (*guarantees.GUARANTEED, *guarantees.NOT_GUARANTEED)
    minutes.keep(case.session, review(case), case.values, actor(case), secrecy)


@diagram_function
def end_session(case: Case) -> None:
    """会议办结：会议记录完成后，本次会议办结，不能再变更。"""
    review(case).status = "ended"


def _position(drawn: Invitation) -> str:
    """A reserve who has accepted in a member's place is a member."""
    if drawn.kind == "reserve":
        return "reserve"
    return drawn.position if drawn.position in PRESIDING else "member"


def _moment(said: Any) -> datetime:
    """`2023-12-08T09:00` on the wall clock."""
    return datetime.fromisoformat(str(said)).replace(tzinfo=clock.SHANGHAI)
