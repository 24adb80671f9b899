"""House rules that no linter knows: one commit site, small files and functions, nothing of the workshop."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain import notices
from app.domain.forms import compile_form
from app.domain.packages import read_all
from app.engine.parser import definitions

ROOT = Path(__file__).parents[1]
CODE = sorted(path for folder in ("app", "tests", "benchmarks", "migrations") for path in (ROOT / folder).rglob("*.py"))
TEXTS = sorted(
    path
    for pattern in ("*.toml", "*.in", "*.txt", "*.md", "Makefile", "app/**/*", "tests/**/*", "docs/**/*", "bpmn/*",
                    "forms/*", "notices/**/*", "tools/*", "migrations/**/*", "benchmarks/*", "frontend/*.json",
                    "frontend/*.mjs", "frontend/src/**/*", ".ci/*")
    for path in ROOT.glob(pattern)
    if path.is_file()
    and not {"dist", "__pycache__", "node_modules"} & set(path.parts)
    and path.suffix not in (".pyc", ".png")
)  # fmt: skip
MAX_LINES, MAX_TEST_LINES, MAX_FUNCTION = 300, 400, 40
MACHINE = re.compile(r"/(?:work|root|home/\w+)/(?!\w*\.sock)\w|/tmp/\w")
REGISTRIES = re.compile(
    r"(?:https?://|--(?:extra-)?index-url|--trusted-host|registry=)[\w.\-/]*(?:pypi|pythonhosted|npmjs|mirror|artifactory|nexus)"
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name(path), node  # type: ignore[misc]


def test_one_place_commits() -> None:
    found = []
    for path in (path for path in CODE if name(path).startswith("app/")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                found.append(name(path))
    assert found == ["app/db.py"]


def test_files_are_small() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    limits = {key: MAX_TEST_LINES if key.startswith("tests/") else MAX_LINES for key in lengths}
    assert {
        key: lines for key, lines in lengths.items() if lines > limits[key] and not key.startswith("migrations/")
    } == {}


def test_functions_are_short() -> None:
    long = {
        f"{file}:{node.name}": node.end_lineno - node.lineno + 1
        for file, node in functions()
        if not file.startswith("migrations/") and (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    app = [path for path in CODE if name(path).startswith(("app/", "benchmarks/"))]
    trees = {name(path): ast.parse(path.read_text(encoding="utf-8")) for path in app}
    assert [key for key, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


@pytest.mark.parametrize(("what", "pattern"), [("machine path", MACHINE), ("registry", REGISTRIES)])
def test_no_trace_of_one_machine(what: str, pattern: re.Pattern[str]) -> None:
    here = Path(__file__)
    found = [f"{name(path)}: {hit[0]}" for path in TEXTS if path != here and (hit := pattern.search(_text(path)))]
    assert found == [], what


def test_nothing_is_left_to_do_or_skipped() -> None:
    words = re.compile(
        "|".join(
            (
                "TO" + "DO",
                "FIX" + "ME",
                "X" * 3 + r"\b",
                r"NotImplemented" + "Error",
                r"mark\.sk" + "ip",
                r"mark\.xf" + "ail",
            )
        )
    )
    found = [f"{name(path)}: {hit[0]}" for path in CODE if (hit := words.search(path.read_text(encoding="utf-8")))]
    assert found == []


def test_every_shipped_form_compiles() -> None:
    forms = [*ROOT.glob("forms/*.json"), *ROOT.glob("notices/*/forms/*.json")]
    assert forms
    for path in forms:
        assert compile_form(json.loads(path.read_text(encoding="utf-8"))).fields, name(path)


def test_every_shipped_notice_loads_and_its_diagrams_parse() -> None:
    packages = read_all(ROOT)
    assert [package.key for package in packages][:2] == ["n0_2021_experts", "n1_2022_general"]
    for package in packages:
        files = {
            **package.shared["diagrams"],
            **package.own["diagrams"],
            **package.shared["decisions"],
            **package.own["decisions"],
        }
        assert "declaration" in definitions(files).processes, package.key


def test_every_shipped_notice_can_be_published(sqlite_database) -> None:  # type: ignore[no-untyped-def]
    with sqlite_database.transaction() as session:
        for package in read_all(ROOT):
            assert notices.publish(session, package, by=None, note="测试").ordinal == 1


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
