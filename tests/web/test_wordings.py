"""通知模板: found, reworded with a preview on a real case, never two administrators over each other."""

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.domain import notifications, people
from app.models.house import HouseSetting
from app.models.process import ProcessInstance
from tests.support.website import enter

pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)
PAGE = "/wordings/accepted"


def tell(app: Flask, number: str, process: str = "") -> None:
    """张林 is told; `process` names what it belongs to."""
    with app.extensions["database"].transaction() as session:
        person = people.by_account(session, "zhang.lin")
        assert person is not None
        about = notifications.About()
        if process:
            instance = ProcessInstance(
                process_key=process, notice_version_id=1, definition_digest="0" * 64, state=b"",
                started_at=clock.now(session),
            )  # fmt: skip
            session.add(instance)
            session.flush()
            about = notifications.About(instance_id=instance.id)
        notifications.post(session, [person.id], "accepted", {"number": number}, about)


def test_a_wording_is_found_previewed_saved_and_used(season_site: Flask) -> None:
    tell(season_site, "A-1")
    tell(season_site, "secret-2", "expert_invitation")  # nobody learns here what belongs to his eyes alone
    client = enter(season_site, "admin")
    found = client.get("/wordings?q=受理编号").text
    assert PAGE in found
    assert "/wordings/urged" not in found
    page = client.get(PAGE).text
    assert "您的申请书已受理，受理编号A-1。" in page
    assert "secret-2" not in page

    typed = {"title": "收到", "body": "收到{number}", "sms": "短{number}", "seen": "0", "note": "试用"}
    look = client.post(f"{PAGE}/preview", data=typed).text
    assert "收到A-1" in look
    assert "短信（4字，按1条计）" in look
    assert "没有找到编号为“X”的申请书" in client.post(f"{PAGE}/preview", data={**typed, "declaration": "X"}).text
    assert "“{nummer}”不是" in client.post(f"{PAGE}/preview", data={**typed, "sms": "{nummer}"}).text

    bad = client.post(PAGE, data={**typed, "body": "{number.x}"})
    assert bad.status_code == 422
    assert "{number.x}</textarea>" in bad.text  # nothing typed is lost
    assert client.post(PAGE, data=typed).status_code == 302
    late = client.post(PAGE, data={**typed, "title": "第二位"})
    assert late.status_code == 409
    assert 'value="第二位"' in late.text
    assert "现在的文字是第1版" in late.text
    tell(season_site, "A-3")
    assert "收到A-3" in enter(season_site, "zhang.lin").get("/notifications").text
    assert client.post(f"{PAGE}/restore", data={"number": "0", "seen": "1"}).status_code == 302
    assert client.post(f"{PAGE}/restore", data={"number": "9" * 30, "seen": "x"}).status_code == 409
    with season_site.extensions["database"].reading() as session:
        assert [row.value is None for row in session.scalars(select(HouseSetting))] == [False, True]


def test_strange_addresses_are_not_found_and_strangers_refused(season_site: Flask) -> None:
    admin, clerk = enter(season_site, "admin"), enter(season_site, "clerk.institute")
    assert admin.get("/wordings/none").status_code == 404
    assert admin.post("/wordings/none", data={}).status_code == 404
    assert admin.post(f"{PAGE}/restore", data={"number": "7", "seen": "0"}).status_code == 404
    assert clerk.get("/wordings", headers={"Accept": "application/json"}).status_code == 403
