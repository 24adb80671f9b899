"""What a person, and the browser's own code, is told when something goes wrong; and what the log keeps."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import errors
from app.config import Settings
from app.db import Database
from app.errors import Problem
from app.web import create_app
from app.web.errors import status_of

SECRET_WORDS = "张林 500103198604121014 13900001001"


@pytest.fixture
def app(settings: Settings, sqlite_database: Database) -> Flask:
    app = create_app(settings, sqlite_database)
    raised = {
        "refused": errors.InvalidForm(
            Problem("a", "请填写姓名。", "name", clause="N2 §四", contact="市职改办023-55550101"),
            Problem("b", "请上传佐证。", "achievements.2.evidence"),
        ),
        "not_allowed": errors.NotAllowed("此事项由甲办理。"),
        "not_found": errors.NotFound(),
        "conflict": errors.Conflict(),
        "login": errors.LoginRequired(),
        "diagram": errors.DiagramFault("check", 3, "NameError"),
        "unexpected": RuntimeError(SECRET_WORDS),
    }

    @app.route("/raise/<kind>", methods=["GET", "POST"])
    def fail(kind: str) -> str:
        raise raised[kind]

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def fetch(client: FlaskClient, path: str):
    return client.get(path, headers={"Accept": "application/json"})


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound(), 404),
        (errors.NotAllowed(), 403),
        (errors.Conflict(), 409),
        (errors.Refused(), 422),
        (errors.InvalidForm(), 422),
        (errors.LoginRequired(), 401),
        (errors.MoveRefused("parallel", "…"), 422),
        (errors.DiagramFault(None, None, "…"), 500),
        (errors.ConfigurationError(), 500),
        (errors.AppError(), 500),
    ],
)
def test_status_follows_the_class(error: errors.AppError, status: int):
    assert status_of(error) == status


def test_every_error_class_has_its_own_words_and_a_status():
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.AppError)]
    assert len(classes) == 12
    assert all(status_of(each.__new__(each)) in (401, 403, 404, 409, 422, 500) for each in classes)
    assert all(re.fullmatch(r"[\u4e00-\u9fff，。；、]+", each.__doc__ or "") for each in classes)


def test_fetch_gets_every_problem_with_its_field(client: FlaskClient):
    response = fetch(client, "/raise/refused")
    assert response.status_code == 422
    assert response.json == {
        "message": "请填写姓名。；请上传佐证。",
        "problems": [
            {
                "code": "a",
                "message": "请填写姓名。",
                "field": "name",
                "clause": "渝大数据发〔2023〕54号四",
                "contact": "市职改办023-55550101",
            },
            {"code": "b", "message": "请上传佐证。", "field": "achievements.2.evidence"},
        ],
    }


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("not_allowed", 403, "此事项由甲办理。"),
        ("not_found", 404, "没有找到您要办理的事项，可能已经办结或者链接有误。"),
        ("conflict", 409, "此事项刚刚已由他人办理，您填写的内容已保留在草稿中，可查看最新情况。"),
    ],
)
def test_page_and_fetch_say_the_same(client: FlaskClient, kind: str, status: int, words: str):
    page, data = client.get(f"/raise/{kind}"), fetch(client, f"/raise/{kind}")
    assert (page.status_code, data.status_code) == (status, status)
    assert words in page.text
    assert data.json is not None
    assert data.json["message"] == words


def test_page_lists_problems_with_clause_and_contact(client: FlaskClient):
    page = client.get("/raise/refused").text
    assert re.findall(r'<li data-field="([^"]+)">', page) == ["name", "achievements.2.evidence"]
    assert re.search(r"依据：<a class=\"clause\" href=\"/clauses\?of=[^\"]+\">渝大数据发〔2023〕54号四</a>", page)
    assert "咨询：市职改办023-55550101" in page


def test_swapped_part_of_a_page_gets_only_the_problems(client: FlaskClient):
    response = client.get("/raise/refused", headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "<html" not in response.text
    assert "请上传佐证。" in response.text
    conflict = client.get("/raise/conflict", headers={"HX-Request": "true"})
    assert (conflict.status_code, conflict.is_json) == (409, True)


def test_expired_login_redirects_a_visit_and_answers_a_fetch(client: FlaskClient):
    assert client.get("/raise/login").location == "/login?next=/raise/login"
    response = fetch(client, "/raise/login")
    assert response.status_code == 401
    assert response.json is not None
    assert response.json["message"] == "登录已过期。您填写的内容已保存在本页，请重新登录后继续。"


def test_unexpected_fault_shows_a_number_that_stands_in_the_log(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
):
    page = client.get("/raise/unexpected")
    assert page.status_code == 500
    found = re.search(r"故障编号：<strong>([0-9A-F]{8})</strong>", page.text)
    assert found is not None
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["incident"], line["event"], line["path"]) == (found[1], "unexpected", "/raise/unexpected")
    assert "RuntimeError: 张林 500***********1014 139****1001" in line["exception"]
    assert "500103198604121014" not in page.text


def test_diagram_fault_is_told_and_logged_with_its_element(client: FlaskClient, capsys: pytest.CaptureFixture[str]):
    response = fetch(client, "/raise/diagram")
    assert response.status_code == 500
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line["reason"] == "check:3: NameError"
    assert response.json == {
        "message": "流程图中的一处设置有误，已通知流程设计员；您填写的内容已保留。",
        "problems": [
            {"code": "diagram_fault", "message": "流程图中的一处设置有误，已通知流程设计员；您填写的内容已保留。"}
        ],
        "incident": line["incident"],
    }


def test_unknown_address_and_method_get_chinese_words(client: FlaskClient):
    assert "没有找到您要办理的事项" in client.get("/nowhere").text
    response = client.put("/login", headers={"Accept": "application/json"})
    assert (response.status_code, response.json and response.json["message"]) == (
        405,
        "此处不能这样办理，请从菜单重新进入。",
    )


def test_fault_page_stands_without_database(settings: Settings, tmp_path):
    broken = Database(f"sqlite:///{tmp_path / 'missing' / 'x.db'}")
    client = create_app(settings, broken).test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (503, {"status": "unavailable", "part": "database"})


def test_ready_with_tables(client: FlaskClient):
    assert client.get("/readyz").json == {"status": "ok"}
