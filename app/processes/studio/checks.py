"""Is a draft sound: the linter, the forms' check and the strict reader, over files saved or not yet saved."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app import functions
from app.domain import clause_papers, people
from app.domain.drafts import folder, store
from app.domain.drafts.paths import PARAMETERS, kind_of
from app.domain.explanations import few_words
from app.domain.forms import UnusableSchema, check_schema, compile_form
from app.domain.notice_check import check
from app.domain.notice_content import latest_content
from app.engine.lint import Finding as Linted
from app.engine.lint import Vocabulary, lint
from app.engine.named import Named, parameters
from app.errors import ConfigurationError
from app.models.draft import NoticeDraft
from app.processes import clause_check
from app.processes.studio import surroundings, trials
from app.processes.studio.naming import naming
from app.processes.studio.surroundings import Surroundings

_UNLISTED = "在决策表编辑器中把它列入该列的可选值，并补上缺少的行；或从申报表中去掉该选项。"
_DECIDE = "按该机构的决定填写参数；各评委会不同的，在评委会中填写。"
_UNREADABLE = "请按提示改正，或撤销最近的修改。"


@dataclass(frozen=True)
class Finding:
    """One thing to mend; `level` error keeps the draft from being published. `element` is the id of a drawn element,
    a field of a form, a parameter's key or a committee as `第76号`; `line` counts from 1."""

    level: str
    code: str
    element: str | None
    line: int | None
    message: str
    remedy: str
    path: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key != "path"}


def of_file(session: Session, draft: NoticeDraft, path: str, content: str) -> list[Finding]:
    """What is wrong with `content` as that file of the draft, saved or not; never raises on what it says."""
    kind, data = kind_of(path), content.encode()
    if kind == "forms":
        return _form(path, data)
    if kind in ("diagrams", "decisions"):
        around = surroundings.of_draft(session, draft, {path: data})
        return [_linted(each, path) for each in lint(around.drawn(), around.vocabulary(), path.partition("/")[2])]
    own = store.own_files(session, draft.id)
    if not content and path not in own:  # a paper that the draft does without
        return _package(session, draft, own)
    return _package(session, draft, own | {path: data})


def of_draft(session: Session, draft: NoticeDraft) -> list[Finding]:
    """Everything that is wrong with the draft as saved, errors first."""
    around = surroundings.of_draft(session, draft)
    paths = {path.partition("/")[2]: path for path in around.files}
    own = store.own_files(session, draft.id)
    drawn = [_linted(each, paths[each.file]) for each in _drawing(around)]
    named = {path: naming(around.files[path]) for path in {each.path for each in drawn}}
    found = [replace(each, message=named[each.path](each.message)) for each in drawn]
    found += [each for path, data in own.items() if path.startswith("forms/") for each in _form(path, data)]
    found += _unlisted(around)
    said = _package(session, draft, own)
    if any(each.code == "undecided" for each in said):
        asked = list(parameters(around.drawn()))
        said = [_asked_for(each, asked) if each.code == "undecided" else each for each in said]
    return sorted([*found, *said], key=lambda each: each.level)


def _asked_for(undecided: Finding, asked: list[Named]) -> Finding:
    """An error where a diagram asks for what nobody has decided: whoever comes there could not go on."""
    names = dict.fromkeys(each.name for each in asked if each.asks_for(undecided.element or ""))
    if not names:
        return undecided
    words = f"{undecided.message.rstrip('。')}，而流程图的环节{few_words([f'“{name}”' for name in names])}要用到它。"
    return replace(undecided, level="error", code="undecided_asked_for", message=words, remedy=_DECIDE)


def _drawing(around: Surroundings) -> tuple[Linted, ...]:
    """What the linter says of the saved diagrams and tables, asked once for as long as nothing it reads changes."""
    words = around.vocabulary()
    return _lint_once(
        frozenset(around.drawn().items()),
        words.parameters,
        frozenset(words.forms.items()),
        frozenset(words.lanes.items()),
    )


@lru_cache(maxsize=16)
def _lint_once(
    drawn: frozenset[tuple[str, bytes]],
    parameters: frozenset[str],
    forms: frozenset[tuple[str, frozenset[str]]],
    lanes: frozenset[tuple[str, frozenset[str]]],
) -> tuple[Linted, ...]:
    """Functions and roles are the program's own and stay as they are while it runs."""
    words = Vocabulary(
        functions.registered_for_designers(), parameters, dict(forms), frozenset(people.ROLES), dict(lanes)
    )
    return tuple(lint(dict(drawn), words))


def _unlisted(around: Surroundings) -> Iterator[Finding]:
    """Options of the declaration for which a decision table has no row."""
    declared = around.declared()
    for path, data in around.files.items():
        if path.startswith("decisions/"):
            for name, options in trials.unlisted(data, declared).items():
                words = "、".join(declared[name][option] for option in options)
                message = f"申报表的选项“{words}”在决策表中没有相应的行，选了它的人将无法继续。"
                yield Finding("error", "unlisted_option", name, None, message, _UNLISTED, path)


def _linted(each: Linted, path: str) -> Finding:
    return Finding(each.severity, each.code, each.element, each.line, each.message, each.remedy, path)


def _form(path: str, data: bytes) -> list[Finding]:
    try:
        source = json.loads(data)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        return [Finding("error", "json", None, line, "表单不是有效的 JSON。", _UNREADABLE, path)]
    if not isinstance(source, dict):
        return [Finding("error", "not_a_form", None, None, "文件里没有表单。", _UNREADABLE, path)]
    try:
        problems = check_schema(source, functions.registered())
        if not problems:
            compile_form(source)
    except UnusableSchema as unusable:
        problems = unusable.problems
    except (KeyError, TypeError, AttributeError, ValueError) as error:  # a component without what it needs
        return [Finding("error", "not_a_form", None, None, f"表单的结构不完整（{error}）。", _UNREADABLE, path)]
    return [Finding("error", each.code, each.field, None, each.message, "", path) for each in problems]


def _package(session: Session, draft: NoticeDraft, files: Mapping[str, bytes]) -> list[Finding]:
    """What the strict reader and the notice check say; the reader stops at the first fault."""
    try:
        package = folder.read(draft.key, files)
    except (ConfigurationError, UnicodeDecodeError) as error:
        return [Finding("error", "unreadable", None, None, str(error), _UNREADABLE)]
    papers, given = clause_papers.with_above(package, latest_content(session, package.parent)), package.vocabulary
    found = dict.fromkeys([*check(session, package), *clause_check.findings(package, papers)])
    return [
        Finding(each.level, each.code, each.place, None, each.message, "", PARAMETERS * (each.place in given))
        for each in found
    ]
