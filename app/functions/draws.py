"""Drawing a session's review experts, for diagrams: rules, witness, shares of chance, sealed result, invitations."""

from typing import Any

from app import clock
from app.domain import notifications, overrides, review_committees
from app.domain.draws import invitations, leaving, offices, outcomes, planning, replies, rounds, wishes, worlds
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor, invitation, review
from app.models.draw import Draw


@diagram_function
def committee_in_force(case: Case) -> bool:
    """评委会有效：评委会核准备案在有效期内，且未暂停、未取消的为真。"""
    registered = review_committees.get(case.session, review(case).review_committee_id)
    return review_committees.state(registered, clock.local(clock.now(case.session)).date()) == "approved"


@diagram_function
def draw_unit(case: Case) -> int:
    """抽取单位：由哪个机构抽取评审专家，用于任务的办理机构。"""
    return offices.unit_of(case.session, review(case)).id


@diagram_function
def draw_supervision(case: Case) -> int:
    """抽取监督机构：抽取单位的纪检监督部门，用于任务的办理机构。"""
    return offices.supervision_of(case.session, review(case)).id


@diagram_function
def session_title(case: Case) -> str:
    """评审会议名称：用于通知的文字。"""
    return review(case).title


@diagram_function
def freeze_draw(case: Case) -> None:
    """封存名单和规则：按表单固定可抽取名单、回避、分组和规则；办不到的规则逐条说明差几人，不予封存。

    Takes the form `draw_rules`; with the decision "request" nothing is frozen. More leaders than in principle need the
    consent that record_decision() kept at `draw_exception`.
    """
    if case.values.get("decision") == "request":
        return
    about = review(case)
    world = worlds.world_of(case.session, about)
    asked = wishes.of_form(case.values, world.people)
    said = overrides.last_record(case.session, case.instance.id, "draw_exception")
    consented = said is not None and said.decision == overrides.AGREE
    plan = planning.plan(world, asked, consented=consented)
    rounds.freeze(case.session, about, plan, actor(case), case.instance.id)


@diagram_function
def witness_draw(case: Case) -> None:
    """抽取监督：监督人员到场签字，并封存自己的随机数；退回的不签字，本轮作废。"""
    outcomes.witness_or_return(case.session, _draw(case), actor(case), case.values)


@diagram_function
def commit_draw(case: Case) -> None:
    """封存随机数：经办人封存自己的随机数，此后各方都不能更改。"""
    rounds.hide(case.session, _draw(case), actor(case), str(case.values.get("commitment") or ""))


@diagram_function
def reveal_draw(case: Case, party: str) -> None:
    """揭示随机数：party 为 "supervisor" 或 "office"；声明不能揭示（decision 为 lost）的不揭示。"""
    if case.values.get("decision") != "lost":
        rounds.reveal(case.session, _draw(case), party, actor(case), str(case.values.get("share") or ""))


@diagram_function
def forfeit_draw(case: Case, party: str) -> None:
    """作废本轮：未揭示随机数的一方记名作废本轮，按同一名单和规则另开一轮。"""
    outcomes.forfeit(case.session, _draw(case), party)


@diagram_function
def draw_experts(case: Case) -> None:
    """随机抽取：系统揭示随机数并抽取，逐次核对规则，直到抽出符合全部规则的名单，每次抽样都留存。"""
    rounds.run(case.session, _draw(case))


@diagram_function
def panel_drawn(case: Case) -> bool:
    """已抽出名单：本轮抽出了符合全部规则的名单。"""
    return _draw(case).status in ("drawn", "opened")


@diagram_function
def open_draw(case: Case) -> None:
    """启封：监督人员启封抽取结果，此后抽取单位才能看到名单。"""
    outcomes.open_sealed(case.session, _draw(case), actor(case))


@diagram_function
def confirm_draw(case: Case) -> None:
    """确认抽取结果：要求作废重抽的，记下理由和监督人员签字，等待经办人会签。"""
    if case.values.get("decision") == "void":
        outcomes.propose_void(case.session, _draw(case), actor(case), case.values)


@diagram_function
def countersign_void(case: Case) -> None:
    """作废会签：经办人同意的，本轮作废（监督人员、经办人两人签字）；不同意的维持原结果。"""
    agreed = case.values.get("decision") == overrides.AGREE
    outcomes.countersign_void(case.session, _draw(case), actor(case), agreed=agreed)


@diagram_function
def invite_experts(case: Case) -> int:
    """通知评审专家：逐一通知抽取的评委办理参评确认，返回人数。每人一件“参评确认”。"""
    return invitations.invite(case.session, review(case), _draw(case))


@diagram_function
def next_in_line(case: Case) -> int:
    """依次递补：评委不能参评或者逾期未答复的，按抽取顺序通知同组候补，递补后不符合规则的跳过，返回通知人数。"""
    return invitations.next_in_line(case.session, review(case), _draw(case))


@diagram_function
def roster_complete(case: Case) -> bool:
    """名单已齐：同意参评的人数达到评委人数。"""
    return invitations.complete(case.session, _draw(case))


@diagram_function
def open_replies(case: Case) -> int:
    """待答复人数：已通知、尚未答复的评委人数。"""
    return invitations.count(case.session, _draw(case), "invited")


@diagram_function
def fix_roster(case: Case) -> None:
    """确定评委名单：名单保密，供评审会议安排席位。"""
    invitations.fix(case.session, _draw(case))


@diagram_function
def invited_person(case: Case) -> int:
    """被通知的专家本人，用于“参评确认”的办理人。"""
    return replies.person_of(case.session, invitation(case)).id


@diagram_function
def notify_expert(case: Case, template: str, **facts: Any) -> None:
    """通知专家：按模板通知被抽取的专家本人（保密）。"""
    about = notifications.About(case.instance.notice_version_id, None, case.instance.id)
    notifications.post(case.session, [invited_person(case)], template, facts, about)


@diagram_function
def reply_due(case: Case) -> str:
    """参评确认的截止时刻，如“2023年12月1日24时”，用于通知的文字。"""
    return replies.due_words(case.session, case.instance)


@diagram_function
def answer_invitation(case: Case) -> None:
    """参评确认：记下专家的答复；不能参评的须写明原因。"""
    accepted, reason = case.values.get("decision") == "accept", str(case.values.get("reason") or "")
    invitations.answer(case.session, invitation(case), actor(case), accepted=accepted, reason=reason)


@diagram_function
def lapse_invitation(case: Case) -> None:
    """逾期未答复：由同组候补依次递补。"""
    invitations.lapse(case.session, invitation(case))


@diagram_function
def tell_draw(case: Case, name: str) -> None:
    """通知抽取流程：向抽取该专家的流程发消息，如 tell_draw("invitation_closed")；名单已确定的直接递补。"""
    leaving.tell_draw(case.session, invitation(case), name)


def _draw(case: Case) -> Draw:
    return rounds.latest(case.session, review(case).id)
