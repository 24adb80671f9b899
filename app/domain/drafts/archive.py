"""A notice as one file: the draft's folder as a zip, and back."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from app.domain.drafts.heading import Heading
from app.domain.drafts.paths import HEADING, LIMIT, is_stem, kind_of
from app.domain.drafts.yaml_text import mapping
from app.errors import Problem, Refused

MOST_FILES = 400
MOST_BYTES = 20 * 1024 * 1024  # unpacked
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same files give the same zip


def packed(key: str, files: Mapping[str, bytes]) -> bytes:
    """The files in a folder named after the notice."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(ZipInfo(f"{key}/{path}", _WRITTEN), content, ZIP_DEFLATED)
    return data.getvalue()


def unpacked(content: bytes) -> tuple[Heading, dict[str, bytes]]:
    """Heading and files of a zip, with or without a folder around them.

    Refused for what is no zip, holds anything that no notice has, or unpacks to too much; nothing is written anywhere.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise _refused("文件过多或解压后过大，不是一份通知。")
            files = {entry.filename: _read(archive, entry) for entry in entries}
    except (BadZipFile, RuntimeError, EOFError, OSError, UnicodeDecodeError, zlib.error):
        raise _refused("不是有效的 ZIP 文件，或者已加密、损坏。") from None
    files = _without_folder(files)
    for path in files:
        kind_of(path)
    if HEADING not in files:
        raise _refused(f"其中没有 {HEADING}，不是一份通知。")
    return _heading(files[HEADING]), files


def _read(archive: ZipFile, entry: ZipInfo) -> bytes:
    with archive.open(entry) as file:
        data = file.read(LIMIT + 1)  # what the zip says of its size may be a lie
    if len(data) > LIMIT:
        raise _refused(f"“{entry.filename}”超过{LIMIT // 1024}KB。")
    data.decode("utf-8")
    return data


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    if HEADING in files:
        return files
    around = {path.partition("/")[0] for path in files}
    if len(around) != 1 or not is_stem(min(around)):
        return files
    return {path.partition("/")[2]: data for path, data in files.items()}


def _heading(content: bytes) -> Heading:
    said = mapping(content)
    texts = {name: str(said.get(name) or "") for name in ("key", "title", "number", "issuer", "in_force_from")}
    year = said.get("year")
    return Heading(**texts, year=year if type(year) is int else 0, parent=said.get("parent"))


def _refused(reason: str) -> Refused:
    return Refused(Problem("archive", reason, "file"))
