"""Time, for diagrams: deadlines, holds, today."""

from datetime import datetime

from app import clock
from app.domain import deadlines, terms
from app.functions.case import Case
from app.functions.registry import diagram_function


@diagram_function
def deadline(case: Case, key: str, days: int | None = None, since: str | None = None) -> str:
    """期限：按通知的规则算出截止时刻，用于定时事件。

    deadline("unit_publicity") finds or makes the deadline of the asking element. `key` is a parameter that holds a
    deadline rule; `days` replaces its number of days for this case; `since` (a date-time text) is where counting
    begins, otherwise now.
    """
    asker = deadlines.Asker(case.instance, case.task)
    start = datetime.fromisoformat(since) if since else None
    return deadlines.text(deadlines.ask(case.session, asker, key, days=days, since=start))


@diagram_function
def deadline_text(case: Case, key: str) -> str:
    """期限的写法：该期限截止的时刻，如“2023年11月15日24时”，用于通知的文字；通知未规定该期限的为空。"""
    return terms.spoken_due(case.session, case.declaration, key)


@diagram_function
def hold(case: Case, reason: str) -> int:
    """计时暂停：暂停本件中通知规定可因该原因暂停的期限。

    Stops the clocks of the declaration whose rule lists `reason` under stopped_by; returns how many.
    """
    return deadlines.hold(case.session, _declaration(case), reason, by=case.person_id)


@diagram_function
def release(case: Case, reason: str) -> int:
    """恢复计时：恢复因该原因暂停的期限，暂停的天数不计入。

    Lets the clocks run on that `hold(reason)` stopped; returns how many.
    """
    return deadlines.release(case.session, _declaration(case), reason, by=case.person_id)


@diagram_function
def today(case: Case) -> str:
    """今天的日期（北京时间），如 2023-10-09。"""
    return clock.local(clock.now(case.session)).date().isoformat()


def _declaration(case: Case) -> int:
    assert case.instance.declaration_id is not None
    return case.instance.declaration_id
