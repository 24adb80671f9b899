"""Wordings of notifications: the facts that are declared are those that are given, and nothing else can be used."""

import ast
import html
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from app.db import Database
from app.domain import house_settings, house_templates, notifications, people, text_messages
from app.domain.template_words import Wording
from app.domain.templates import checking, declared
from app.domain.templates.texts import TEXTS
from app.errors import Conflict, Refused

ROOT = Path(__file__).parents[2]
REMINDERS = {"due_near", "fell_due"}  # `due_reminders` names them by their kind; its own test holds them
BY_DIAGRAMS = {"overdue", "held", "status_changed"}  # shipped for the diagrams that a house draws itself
DIAGRAM_CALL = re.compile(r"\b(notify|notify_names|notify_expert|tell_term)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
GIVEN = {"notify": "", "notify_names": "unit", "notify_expert": "", "tell_term": "committee day"}
NOT_FACTS = {"organisation"}


def from_diagrams() -> Iterator[tuple[str, set[str], str]]:
    """(template, facts, where) of every call in a shipped diagram."""
    for path in (*ROOT.glob("bpmn/*.bpmn"), *ROOT.glob("notices/*/diagrams/*.bpmn")):
        for name, said in DIAGRAM_CALL.findall(html.unescape(path.read_text(encoding="utf-8"))):
            call = ast.parse(f"{name}({said.strip()})", mode="eval").body
            assert isinstance(call, ast.Call)
            texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
            template = next(each for each in reversed(texts) if each in TEXTS)
            facts = {keyword.arg for keyword in call.keywords if keyword.arg} - NOT_FACTS
            yield template, facts | set(GIVEN[name].split()), path.name


def from_code() -> Iterator[tuple[str, set[str], str]]:
    """(template, facts, where) of every call in the product that names a template itself."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "app").rglob("*.py"))}
    trees = {path: ast.parse(text) for path, text in sources.items() if any(word in text for word in SPEAKING)}
    constants = dict(_constants(trees))
    for path, tree in trees.items():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                module, name = _called(call)
                template = next(
                    (found for each in call.args if (found := _template(each, constants, path)) in TEXTS), ""
                )
                if template and (module, name) in POSTERS:
                    yield template, POSTERS[module, name] | _facts(call, function), f"{path.name}:{call.lineno}"


SPEAKING = ("notifications", "direct_letters", "announcing", "asking", "interventions", "notify(")
# who posts: (module as it is called, function) → the facts that it adds to those of its caller
POSTERS = {
    ("notifications", "post"): set(),
    ("direct_letters", "send"): set(),
    ("", "send"): set(),  # within itself
    ("", "notify"): set(),
    ("announcing", "notify"): set(),
    ("asking", "tell"): {"task"},
    ("", "tell"): {"task"},  # within asking itself
    ("interventions", "tell"): {"what"},
    ("", "_tell"): {"unit", "day"},  # of closings
}


def _called(call: ast.Call) -> tuple[str, str]:
    if isinstance(call.func, ast.Attribute):
        return (call.func.value.id if isinstance(call.func.value, ast.Name) else "?"), call.func.attr
    return "", call.func.id if isinstance(call.func, ast.Name) else "?"


def _constants(trees: Mapping[Path, ast.Module]) -> Iterator[tuple[tuple[str, str], str]]:
    """(module, NAME) → its text, of the constants of modules."""
    for path, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.Assign):
                for target, value in _pairs(node.targets[0], node.value):
                    if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                        yield (path.stem, target.id), str(value.value)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def _template(node: ast.expr, constants: dict[tuple[str, str], str], path: Path) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        return constants.get((path.stem, node.id), "")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return constants.get((node.value.id, node.attr), "")
    return ""


def _facts(call: ast.Call, function: ast.FunctionDef) -> set[str]:
    """What a call gives: by keywords, or by a dictionary written in it or in its function."""
    found = {keyword.arg for keyword in call.keywords if keyword.arg} - NOT_FACTS
    for each in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg is None)):
        found |= _keys(each, function)
    return found


def _keys(node: ast.expr, function: ast.FunctionDef) -> set[str]:
    if isinstance(node, ast.Dict):
        inner = [_keys(value, function) for key, value in zip(node.keys, node.values, strict=True) if key is None]
        return {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}.union(*inner)
    if isinstance(node, ast.Name):
        for each in ast.walk(function):
            if isinstance(each, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in each.targets):
                return _keys(each.value, function)
    return set()


def test_who_posts_gives_exactly_the_facts_that_are_declared() -> None:
    calls = [*from_diagrams(), *from_code()]
    wrong = {
        (template, where): facts ^ set(declared.DECLARED[template].facts)
        for template, facts, where in calls
        if facts != set(declared.DECLARED[template].facts)
    }
    assert wrong == {}
    assert set(TEXTS) - {template for template, _, _ in calls} == BY_DIAGRAMS | REMINDERS


@pytest.fixture
def wrote(sqlite_database: Database, freeze: Callable[..., object]) -> Database:
    """Two administrators."""
    with sqlite_database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        people.register(session, "first", "甲某")
        people.register(session, "second", "乙某")
    return sqlite_database


def said(**texts: str) -> dict[str, str]:
    return dict.fromkeys(house_templates.PARTS, "") | texts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("编号{nummer}", "“{nummer}”不是这种消息可用的项目，可用的有{number}（编号或文号）"),
        ("编号{number", "大括号不成对"),
        ("编号{number.__class__}", "“{number.__class__}”只能写项目的名称"),
        ("编号{number[0]}", "“{number[0]}”只能写项目的名称"),
        ("编号{}", "“{}”没有写明项目"),
        ("编号{number:>9999999}", "“{number}”后面不能写格式"),
        ("编号{number!r}", "“{number}”后面不能写格式"),
    ],
)
def test_a_wording_that_cannot_be_filled_is_refused_by_the_name_of_its_gap(text: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        house_templates.checked("accepted", said(sms=text, title="好" * 101))
    found = {problem.field: problem.message for problem in refused.value.problems}
    assert set(found) == {"sms", "title"}
    assert words in found["sms"]
    assert [words in problem.message for problem in checking.notice_texts({"accepted.body": text, "other": "{"})] == [
        True
    ]


def test_the_product_s_own_wordings_can_all_be_filled() -> None:
    pairs = [
        (key, part, text) for key, texts in TEXTS.items() for part, text in zip(checking.PARTS, texts, strict=True)
    ]
    assert {key: found for key, part, text in pairs if (found := checking.problems(key, text, part, part))} == {}
    assert set(declared.DECLARED) == set(TEXTS)
    assert all(len(key) <= 60 for key in TEXTS)
    assert {fact for each in declared.DECLARED.values() for fact in each.facts} == set(declared.FIELDS)


def test_the_house_words_what_the_notice_does_not_and_goes_back(wrote: Database) -> None:
    facts = {"number": "2023-1"}

    def title() -> str:
        with wrote.reading() as session:
            return notifications.worded(session, "accepted", facts, None)[0]

    with wrote.transaction() as session:
        assert house_templates.save(session, "accepted", said(title="已收{{件}} {number}"), seen=0, by=1, note="")
    assert title() == "已收{件} 2023-1"
    with wrote.transaction() as session:
        assert not house_templates.save(session, "accepted", said(title="已收{{件}} {number}"), seen=1, by=1, note="")
        with pytest.raises(Conflict, match="甲某已经改过"):
            house_templates.save(session, "accepted", said(title="第二位"), seen=0, by=2, note="")
    with wrote.transaction() as session:
        house_templates.restore(session, "accepted", 0, seen=1, by=2)
    assert title() == "申报已受理"
    with wrote.transaction() as session:
        house_templates.restore(session, "accepted", 1, seen=2, by=1)
    assert title() == "已收{件} 2023-1"
    with wrote.reading() as session:
        assert [(each.row.number, each.by) for each in house_templates.versions(session, "accepted")] == [
            (3, "甲某"),
            (2, "乙某"),
            (1, "甲某"),
        ]
        assert house_settings.standing(session)["wording:accepted"].number == 3


def test_a_channel_without_a_text_of_its_own_says_what_the_inbox_says() -> None:
    filled = Wording("题{number}", "文{number}", sms="短{number}").filled({"number": 7})
    assert filled == Wording("题7", "文7", "题7", "文7", "短7")


@pytest.mark.parametrize(("length", "count"), [(1, 1), (62, 1), (63, 2), (126, 2), (127, 3)])
def test_parts_of_a_text_message(length: int, count: int) -> None:
    assert text_messages.parts("字" * length) == count
