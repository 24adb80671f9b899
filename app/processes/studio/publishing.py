"""Publishing a draft: refused with every reason, else an immutable version that the draft stands for from then on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import clock
from app.domain import notices
from app.domain.drafts import folder, store
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.draft import NoticeDraft
from app.models.notice import NoticeVersion
from app.processes.studio import checks
from app.processes.studio.overview import UNNUMBERED
from app.processes.studio.scenarios import Played


@dataclass(frozen=True)
class Checked:
    """The files of a draft as they were when their scenarios were played, and how those went."""

    files: Mapping[str, bytes]
    played: list[Played]


def reasons_against(session: Session, draft: NoticeDraft, played: list[Played]) -> list[Problem]:
    """Everything that keeps the draft from being published: faults, what is not decided, scenarios that fail."""
    found = [
        Problem(each.code, f"{each.message}{each.remedy}", field=each.path or each.element)
        for each in checks.of_draft(session, draft)
        if each.level == "error"
    ]
    if not any(each.code == "unreadable" for each in found):
        number = folder.read(draft.key, store.own_files(session, draft.id)).number
        if UNNUMBERED in number:
            found.append(Problem("number", "文号尚未填写（现为“待编号”）。", field="notice.yaml"))
    found += [
        Problem("scenario", f"情景 {each.path}：{'；'.join(each.failures)}", field=each.path)
        for each in played
        if not each.passed
    ]
    return [*found, *_overtaken(session, draft)]


def publish(
    session: Session,
    draft_id: int,
    checked: Checked,
    *,
    by: int,
    note: str,
    effective_at: datetime | None,
) -> NoticeVersion:
    """Make the draft a version. Conflict if its files are others than those that were checked.

    Raises Refused with `reasons_against`, without a note, or with an effective instant before now for a notice that is
    in force already.
    """
    draft = store.editable(session, draft_id)
    files = store.own_files(session, draft_id)
    if files != dict(checked.files):
        raise Conflict("检查之后有人又改了草稿，请重新检查后再发布。")
    problems = reasons_against(session, draft, checked.played)
    if not note.strip():
        problems.append(Problem("note", "请写明发布说明。", "note"))
    if effective_at is not None and effective_at < clock.now(session) and _latest(session, draft.key):
        problems.append(Problem("effective_at", "已施行的通知，新版本的施行时间不能早于现在。", "effective_on"))
    if problems:
        raise Refused(*problems)
    version = notices.publish(
        session, folder.read(draft.key, files), by=by, note=note, effective_at=effective_at,
        based_on=draft.based_on_version_id,
    )  # fmt: skip
    if version.id == draft.based_on_version_id:
        raise Refused(Problem("unchanged", "草稿与已发布的版本完全相同，不需要发布。"))
    draft.published_version_id = version.id
    session.flush()
    return version


def _overtaken(session: Session, draft: NoticeDraft) -> list[Problem]:
    """Somebody published this notice after the draft was begun: what he changed must not be lost."""
    latest = _latest(session, draft.key)
    if latest is None or latest.id == draft.based_on_version_id:
        return []
    message = f"建立草稿之后，此通知已发布第{latest.ordinal}版（{latest.number}）。请以该版为基础另建草稿，再作修改。"
    return [Problem("overtaken", message)]


def _latest(session: Session, key: str) -> NoticeVersion | None:
    try:
        return notices.latest(session, key)
    except NotFound:
        return None
