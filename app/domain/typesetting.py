"""Sets a document's data in type: a typst template and JSON become a PDF (decision 6).

Templates lie in `documents/`, the faces they need in `documents/fonts` (put there by the build).
"""

import atexit
import shutil
import tempfile
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import typst

from app.config import ROOT
from app.errors import ConfigurationError

DOCUMENTS = ROOT / "documents"
FONTS = DOCUMENTS / "fonts"
ENDING = ".typ"

_one_at_a_time = threading.Lock()  # a compiler keeps what it has read, and sets one document after another


def pdf(kind: str, data: Mapping[str, Any], at: datetime, own: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of template `kind` filled with `data`, dated `at`: the same arguments give the same bytes.

    `own` are a notice's templates (file name → content) that stand in place of the shared ones of the same name.
    Raises ConfigurationError where a template does not compile, and where the faces are not there.
    """
    pages = _compile(kind, data, at, own, "pdf")
    assert isinstance(pages, bytes)
    return pages


def pictures(kind: str, data: Mapping[str, Any], at: datetime, ppi: float = 96) -> list[bytes]:
    """The pages as PNG, for looking at a template while it is written."""
    pages = _compile(kind, data, at, None, "png", ppi=ppi)
    return [pages] if isinstance(pages, bytes) else list(pages)


def _compile(
    kind: str, data: Mapping[str, Any], at: datetime, own: Mapping[str, bytes] | None, form: Any, **options: Any
) -> Any:
    if not any(FONTS.glob("*.ttf")):
        raise ConfigurationError(f"缺少文书字体（{FONTS}），请先运行 make assets。")
    folder = _folder(tuple(sorted((own or {}).items())))
    inputs = {"data": orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()}
    with _one_at_a_time:
        try:
            found, warnings = _compiler(folder).compile_with_warnings(
                str(folder / f"{kind}{ENDING}"),
                format=form,
                sys_inputs=inputs,
                timestamp=int(at.timestamp()),
                **options,
            )
        except typst.TypstError as fault:
            raise ConfigurationError(f"文书模板“{kind}”有误：{fault.diagnostic or fault.message}") from fault
    if warnings:
        raise ConfigurationError(f"文书模板“{kind}”有误：{warnings[0].message}")
    return found


@lru_cache(maxsize=32)
def _compiler(folder: Path) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(root=str(folder), font_paths=fonts, ignore_system_fonts=True)


@lru_cache(maxsize=32)
def _folder(own: tuple[tuple[str, bytes], ...]) -> Path:
    """The shared templates' folder, or a copy with a notice's own in their places, kept while the process runs."""
    if not own:
        return DOCUMENTS
    folder = Path(tempfile.mkdtemp(prefix="zhiping-documents-"))
    for path in DOCUMENTS.glob(f"*{ENDING}"):
        (folder / path.name).write_bytes(path.read_bytes())
    for name, content in own:
        (folder / name).write_bytes(content)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
