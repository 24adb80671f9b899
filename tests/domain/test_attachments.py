import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import attachments
from app.domain.attachments import Upload
from app.errors import NotFound, Refused
from tests.support.cases import Season, season

Freeze = Callable[[Session, str], object]
PDF = b"%PDF-1.7 fictional"
PNG = b"\x89PNG\r\n\x1a\n fictional"


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        yield season(session)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


def store(at_work: Season, folder: Path, name: str, content: bytes, limit: int = attachments.LIMIT) -> int:
    upload = Upload(name, content, "achievements.0.evidence")
    return attachments.store(at_work.session, folder, upload, at_work.people["jia"], limit=limit).id


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("证书.pdf", PDF, "application/pdf"),
        ("照片.PNG", PNG, "image/png"),
        ("照片.jpeg", b"\xff\xd8\xff\xe0 fictional", "image/jpeg"),
    ],
)
def test_a_file_is_known_by_its_content(
    at_work: Season, folder: Path, name: str, content: bytes, media_type: str
) -> None:
    found = attachments.get(at_work.session, store(at_work, folder, name, content))

    assert (found.name, found.media_type, found.size) == (name, media_type, len(content))
    assert found.digest == hashlib.sha256(content).hexdigest()
    assert attachments.path_of(folder, found).read_bytes() == content


@pytest.mark.parametrize(
    ("name", "content", "limit", "words"),
    [
        ("证书.pdf", b"MZ fictional", 100, "“证书.pdf”为未识别的类型（PDF）、12字节"),
        ("证书.pdf", PNG, 100, "“证书.pdf”为PNG（文件名后缀为.pdf）、18字节"),
        ("证书.pdf", b"", 100, "“证书.pdf”为未识别的类型（PDF）、0字节"),
        ("证书.pdf", PDF * 100, 1024, "“证书.pdf”为PDF、2KB"),
    ],
)
def test_a_false_or_too_large_file_is_refused(
    at_work: Season, folder: Path, name: str, content: bytes, limit: int, words: str
) -> None:
    with pytest.raises(Refused) as refused:
        store(at_work, folder, name, content, limit)

    problem = refused.value.problems[0]
    size = "100字节" if limit == 100 else "1KB"
    assert problem.message == f"{words}，要求PDF、JPG、PNG、不超过{size}。原有内容未受影响。"
    assert problem.field == "achievements.0.evidence"
    assert list(folder.rglob("*")) == []


def test_equal_bytes_are_stored_once(at_work: Season, folder: Path) -> None:
    first, second = store(at_work, folder, "甲.pdf", PDF), store(at_work, folder, "乙.pdf", PDF)

    assert first != second
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    assert set(attachments.digests(at_work.session, [first, second]).values()) == {hashlib.sha256(PDF).hexdigest()}


def test_a_path_in_the_name_is_dropped(at_work: Season, folder: Path) -> None:
    found = attachments.get(at_work.session, store(at_work, folder, "..\\..\\etc/证书.pdf", PDF))

    assert found.name == "证书.pdf"


def test_an_unknown_attachment_is_not_found(at_work: Season) -> None:
    with pytest.raises(NotFound):
        attachments.get(at_work.session, 999)
