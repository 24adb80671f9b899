"""Files: uploaded at once, checked by content, seen only by whoever may see the declaration."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.models.attachment import Attachment
from tests.support import desk
from tests.support.website import enter, site

Freeze = Callable[[Session, str], Any]
PDF = b"%PDF-1.4 fictional"


@pytest.fixture
def app(settings: Settings, database: Database, freeze: Freeze) -> Flask:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        desk.arrive(session, desk.open_desk(session))
    return site(settings, database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return enter(app, desk.CLERK)


def upload(
    client: FlaskClient, content: bytes = PDF, name: str = "获奖证书.pdf", task: str = "1", field: str = "proof"
) -> Any:
    files = {"file": (BytesIO(content), name), "field": field}
    return client.post(f"/attachments?task={task}", data=files, headers={"Accept": "application/json"})


def stored(app: Flask) -> int:
    with app.extensions["database"].reading() as session:
        return len(session.scalars(select(Attachment.id)).all())


def test_upload_answers_what_the_island_shows(app: Flask, client: FlaskClient) -> None:
    answer = upload(client)
    assert answer.status_code == 201
    assert answer.json == {
        "id": 1,
        "name": "获奖证书.pdf",
        "size": len(PDF),
        "type": "application/pdf",
        "url": "/attachments/1",
    }
    with app.extensions["database"].reading() as session:
        assert session.get_one(Attachment, 1).declaration_id == 1


def test_uploaded_file_comes_back_inline_under_its_own_name(client: FlaskClient) -> None:
    answer = client.get(upload(client).json["url"])
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    kept = {name: answer.headers[name] for name in ("Content-Disposition", "X-Content-Type-Options", "Cache-Control")}
    assert kept == {
        "Content-Disposition": "inline; filename=.pdf; filename*=UTF-8''%E8%8E%B7%E5%A5%96%E8%AF%81%E4%B9%A6.pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ\x90 program", "证书.pdf", "“证书.pdf”为未识别的类型（PDF）"),
        (PDF, "证书.png", "“证书.png”为PDF（文件名后缀为.png）"),
        (b"", "证书.pdf", "“证书.pdf”为未识别的类型（PDF）、0字节"),
        (PDF + b"x" * 1024 * 1024, "证书.pdf", "“证书.pdf”为PDF、1MB，要求PDF、JPG、PNG、不超过1MB。"),
    ],
)
def test_file_that_does_not_fit_is_refused_in_words(
    app: Flask, client: FlaskClient, content: bytes, name: str, said: str
) -> None:
    answer = upload(client, content, name)
    assert answer.status_code == 422
    (problem,) = answer.json["problems"]
    assert problem["message"].startswith(said)
    assert problem["field"] == "proof"
    assert stored(app) == 0


def test_limit_of_another_field_is_the_products(client: FlaskClient) -> None:
    assert upload(client, PDF + b"x" * 1024 * 1024, field="other").status_code == 201


def test_request_without_a_file_is_refused(client: FlaskClient) -> None:
    answer = client.post("/attachments", data={"field": "proof"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["message"]) == (422, "请选择要上传的文件。")


def test_another_office_can_neither_add_nor_see(app: Flask, client: FlaskClient) -> None:
    stranger = enter(app, desk.STRANGER)
    assert upload(stranger).status_code == 403
    assert stored(app) == 0
    url = upload(client).json["url"]
    assert stranger.get(url).status_code == 403
    assert enter(app, "zhang.lin").get(url).status_code == 200
    assert enter(app, "li.yue").get(url).status_code == 403
    assert app.test_client().get(url).status_code == 302


def test_file_of_no_declaration_is_its_owners_alone(app: Flask, client: FlaskClient) -> None:
    url = upload(client, task="").json["url"]
    assert client.get(url).status_code == 200
    assert enter(app, "zhang.lin").get(url).status_code == 403


def test_expired_login_answers_401(app: Flask) -> None:
    assert upload(app.test_client()).status_code == 401


def test_missing_file_is_not_found(client: FlaskClient) -> None:
    assert client.get("/attachments/99").status_code == 404
