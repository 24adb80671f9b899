"""Addresses of the built browser assets, whose names carry a hash of their content."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import url_for

from app.errors import ConfigurationError

DIST = Path(__file__).parent / "static" / "dist"


@cache
def _manifest(dist: Path) -> dict[str, Any]:
    try:
        return json.loads((dist / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError("界面文件尚未生成：run make assets") from None


def _url(name: str) -> str:
    return url_for("static", filename=f"dist/{name}")


def has_asset(entry: str, kind: str, dist: Path = DIST) -> bool:
    """Whether the assets were built with this entry."""
    return kind in _manifest(dist).get(entry, {})


def asset(entry: str, kind: str, dist: Path = DIST) -> str:
    """URL of an entry's file; `entry` app, form or diagram, `kind` js or css.

    Raises ConfigurationError when the assets were not built or know no such file. Needs a Flask context.
    """
    name = _manifest(dist).get(entry, {}).get(kind)
    if name is None:
        raise ConfigurationError(f"界面文件 {entry}.{kind} 不存在：run make assets")
    return _url(name)


def preloads(entry: str, dist: Path = DIST) -> list[str]:
    """URLs of the modules an entry imports at once, for `<link rel="modulepreload">`."""
    return [_url(name) for name in _manifest(dist).get(entry, {}).get("shared", [])]
