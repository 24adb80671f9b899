"""What can go wrong, named for its reason; the wording for people lives here and knows no HTTP."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing the user can mend.

    `field` is a form key or path (`achievements.2.evidence`), `clause` where the notice says so.
    """

    code: str
    message: str
    field: str | None = None
    clause: str | None = None
    contact: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {k: v for k, v in asdict(self).items() if v is not None}


class AppError(Exception):
    """办理未完成。"""

    code = "error"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (self.__doc__ or "").strip()
        super().__init__(self.message)

    @property
    def problems(self) -> list[Problem]:
        return [Problem(self.code, self.message)]


class NotFound(AppError):
    """没有找到您要办理的事项，可能已经办结或者链接有误。"""

    code = "not_found"


class NotAllowed(AppError):
    """此事项不由您当前的身份办理。如需办理，请切换身份或联系办理机构。"""

    code = "not_allowed"


class Conflict(AppError):
    """此事项刚刚已由他人办理，您填写的内容已保留在草稿中，可查看最新情况。"""

    code = "conflict"


class Suspended(Conflict):
    """本件已暂停办理，恢复后可继续办理。您填写的内容已保留在草稿中。"""

    code = "suspended"


class Repeated(AppError):
    """此操作刚才已经办好，没有重复办理。"""

    code = "repeated"

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__()
        self.answer = answer


class LoginRequired(AppError):
    """登录已过期。您填写的内容已保存在本页，请重新登录后继续。"""

    code = "login_required"


class Refused(AppError):
    """本次不能办理，请按以下说明更正后再办。"""

    code = "refused"

    def __init__(self, *problems: Problem) -> None:
        super().__init__("；".join(p.message for p in problems) or None)
        self._problems = list(problems)

    @property
    def problems(self) -> list[Problem]:
        return self._problems or super().problems


class InvalidForm(Refused):
    """填写的内容有误，请更正。"""

    code = "invalid_form"


class ConfigurationError(AppError):
    """系统配置不完整。"""

    code = "configuration"


class DiagramFault(AppError):
    """流程图中的一处设置有误，已通知流程设计员；您填写的内容已保留。"""

    code = "diagram_fault"

    def __init__(self, element: str | None, line: int | None, reason: str, kind: str = "script") -> None:
        super().__init__(self.__doc__)
        self.element, self.line, self.reason = element, line, reason
        self.kind = kind  # script or decision: what the incident is filed under

    def __str__(self) -> str:
        where = f"{self.element or '?'}" + (f":{self.line}" if self.line else "")
        return f"{where}: {self.reason}"


class MoveRefused(AppError):
    """不能退回到所选环节。"""

    code = "move_refused"

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(self.__doc__)
        self.reason, self.detail = reason, detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"
