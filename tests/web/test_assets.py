"""Addresses of built assets come from the manifest; what was not built is said plainly."""

import json
from pathlib import Path

import pytest
from flask import Flask

from app.errors import ConfigurationError
from app.web.assets import asset, preloads

MANIFEST = {
    "app": {"js": "app-AAAA.js", "css": "app-BBBB.css", "shared": ["shared-CCCC.js"]},
    "diagram": {"js": "diagram-DDDD.js", "shared": []},
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _request_context():
    with Flask("app.web").test_request_context():
        yield


@pytest.mark.parametrize(
    ("entry", "kind", "url"),
    [("app", "js", "/static/dist/app-AAAA.js"), ("app", "css", "/static/dist/app-BBBB.css")],
)
def test_asset_gives_the_hashed_address(dist, entry, kind, url):
    assert asset(entry, kind, dist) == url


def test_asset_reads_the_manifest_once(dist):
    first = asset("app", "js", dist)
    (dist / "manifest.json").unlink()
    assert asset("app", "js", dist) == first


@pytest.mark.parametrize(("entry", "kind"), [("diagram", "css"), ("unknown", "js")])
def test_asset_refuses_a_file_that_was_not_built(dist, entry, kind):
    with pytest.raises(ConfigurationError, match=rf"^界面文件 {entry}\.{kind} 不存在：run make assets$"):
        asset(entry, kind, dist)


def test_asset_says_what_to_run_when_nothing_was_built(tmp_path):
    with pytest.raises(ConfigurationError, match=r"^界面文件尚未生成：run make assets$"):
        asset("app", "js", tmp_path)


def test_preloads_are_the_modules_the_entry_imports(dist):
    assert preloads("app", dist) == ["/static/dist/shared-CCCC.js"]
    assert preloads("unknown", dist) == []
