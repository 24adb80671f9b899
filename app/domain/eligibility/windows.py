"""Windows of a notice as half-open instants, and which act they bind (R-110…R-114)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.clock import SHANGHAI, local
from app.domain.wording import day_words
from app.errors import ConfigurationError, Problem

GOVERNS = ("applicant", "arrival")


@dataclass(frozen=True)
class Window:
    """Open from `opens` up to but not including `due`, the first instant that is too late (D12)."""

    opens: datetime
    due: datetime
    clause: str | None = None

    def __contains__(self, moment: datetime) -> bool:
        return self.opens <= moment < self.due

    @property
    def first(self) -> str:
        """As printed: 2023年10月7日 or 2022年11月14日9:30."""
        start = local(self.opens)
        return day_words(start) + (f"{start.hour}:{start:%M}" if start.time() != time() else "")

    @property
    def last(self) -> str:
        """As printed: 2023年10月31日24时 or 2022年11月29日17:30."""
        end = local(self.due)
        if end.time() == time():
            return day_words(end.date() - timedelta(days=1)) + "24时"
        end -= timedelta(seconds=1)
        return f"{day_words(end)}{end.hour}:{end:%M}"


def window(first: Any, last: Any, clause: str | None = None) -> Window:
    """A window as a notice prints it: `2023-10-07` or `2022-11-14 09:30`, both ends included (Shanghai time).

    A day without a time runs to its 24:00, a clock time includes its own second. Raises ConfigurationError.
    """
    opens, _ = _moment(first)
    end, timed = _moment(last)
    due = end + (timedelta(seconds=1) if timed else timedelta(days=1))
    if due <= opens:
        raise ConfigurationError(f"时间段“{first}”至“{last}”的结束早于开始。")
    return Window(opens, due, clause)


def check(moment: datetime, filing: Window | None, corrections: Window | None = None) -> Problem | None:
    """May a file be handed in for the first time at `moment`? None means yes; no `filing` window means no limit."""
    if corrections is not None and moment in corrections:
        message = f"{corrections.first}至{corrections.last}仅受理补正材料，不接收新的申报。"
        return Problem("corrections_only", message, clause=corrections.clause)
    if filing is None or moment in filing:
        return None
    if moment < filing.opens:
        message = f"本评委会网上申报时间为{filing.first}至{filing.last}，现尚未开始。您可先填写并保存，到时提交。"
        return Problem("window_not_open", message, clause=filing.clause)
    message = f"网上申报已于{filing.last}截止，本次不能提交。您填写的内容已保存。"
    return Problem("window_closed", message, clause=filing.clause)


def check_correction(
    moment: datetime, filing: Window | None, corrections: Window | None, office: str = "评委会组建单位"
) -> Problem | None:
    """May corrected material be handed in? Both windows take it; without a window for it only its deadline counts."""
    if corrections is None or moment in corrections or (filing is not None and moment in filing):
        return None
    if moment < corrections.opens:
        message = f"补正材料自{corrections.first}起受理。您填写的内容已保存。"
        return Problem("corrections_not_open", message, clause=corrections.clause)
    message = f"补正期限为{corrections.last}，现已届满，按规定视为放弃申报。如有特殊情况，请联系{office}。"
    return Problem("corrections_closed", message, clause=corrections.clause)


def check_arrival(
    governs: str | None, moment: datetime, filing: Window | None, corrections: Window | None
) -> Problem | None:
    """May a first file still be taken when it reaches the accepting body at `moment`?

    `governs` is the notice's `window_governs`: `applicant` (the submission counted, arrival does not) or `arrival`.
    It has no default: anything else raises ConfigurationError, the convening organisation has to decide.
    """
    if governs not in GOVERNS:
        raise ConfigurationError(
            "参数“window_governs”须由组建单位确定：applicant（以本人提交为准）或 arrival（以送达为准）。"
        )
    return check(moment, filing, corrections) if governs == "arrival" else None


def _moment(value: Any) -> tuple[datetime, bool]:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == len("2023-10-07") else datetime.fromisoformat(value)
        except ValueError:
            raise ConfigurationError(f"“{value}”不是日期或时间，例如 2022-11-14 或 2022-11-14 09:30。") from None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=SHANGHAI)), True
    if isinstance(value, date):
        return datetime.combine(value, time(), SHANGHAI), False
    raise ConfigurationError(f"“{value}”不是日期或时间，例如 2022-11-14 或 2022-11-14 09:30。")
