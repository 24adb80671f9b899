"""推荐排序: what the page keeps is the draft of 择优确定推荐人选, and names that join later come to its end."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import Database
from app.models.desk import Phrase
from app.models.process import Task
from app.models.recommendation import BatchEntry
from tests.support import crowd
from tests.support.website import enter, statements
from tests.web.test_recommendation import BATCH, task_id

RANKING = f"{BATCH}/ranking"


def listed(page: str) -> list[str]:
    return re.findall(r"<strong>(.*?)</strong>", page[page.index("<tbody>") :])


def save(client: FlaskClient, **said: str) -> TestResponse:
    """As the page would send it, with the token that it came with."""
    token = re.search(r'name="token" value="([^"]*)"', client.get(RANKING).text)
    assert token is not None
    return client.post(RANKING, data={"token": token[1], **said})


def ids(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(BatchEntry.declaration_id).order_by(BatchEntry.id)))


def test_order_reasons_and_choice_reach_the_task(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    zhang, deng = ids(season)
    client = enter(season_site, "clerk.institute")
    assert f'href="{RANKING}"' in client.get(BATCH).text
    assert listed(client.get(RANKING).text) == ["张林", "邓可"]
    save(client, do=f"up:{deng}")
    assert client.post(RANKING, data={"do": "save", "token": ""}).status_code == 409
    assert listed(client.get(RANKING).text) == ["邓可", "张林"]
    said = {f"rank-{deng}": "1", f"rank-{zhang}": "2", f"recommend-{deng}": "no", f"reason-{deng}": "任务未完成"}
    save(client, **said, do="all", reason="考核优秀")
    said |= {f"recommend-{zhang}": "yes", f"reason-{zhang}": "考核优秀"}
    going = save(client, **said, do="go")
    task = task_id(season, "unit_merit")
    assert going.location == f"/tasks/{task}"
    with season.reading() as session:
        rows = {row["_id"]: row for row in session.get_one(Task, task).draft["declarations"]}  # type: ignore[index]
    assert (rows[str(zhang)]["recommend"], rows[str(zhang)]["rank"], rows[str(zhang)]["reason"]) == (
        "yes",
        1,
        "考核优秀",
    )
    assert (rows[str(deng)]["recommend"], rows[str(deng)].get("rank")) == ("no", None)
    values = {"declarations": list(rows.values()), "opinion": "同意", "signed_by": "白若溪", "decision": "recommend"}
    assert client.post(f"/tasks/{task}/complete", json={"values": values}).status_code == 200
    assert client.get(RANKING).status_code == 404


def test_a_name_that_joined_after_the_draft_stands_in_it(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    client = enter(season_site, "clerk.institute")
    save(client, do="all", reason="考核优秀")
    with season.transaction() as session:
        crowd.stand(session, 1)
    assert listed(client.get(RANKING).text)[:2] == ["张林", "邓可"]
    assert len(listed(client.get(RANKING).text)) == 3
    assert client.get(f"/tasks/{task_id(season, 'unit_merit')}").text.count("applicant") >= 3


def test_only_who_may_choose_ranks(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    assert enter(season_site, "head.institute").get(RANKING).status_code == 403
    assert enter(season_site, "head.institute").post(RANKING, data={}).status_code == 403
    assert enter(season_site, "clerk.enterprise").get(RANKING).status_code == 403
    wrong = enter(season_site, "clerk.institute").post(RANKING, data={f"rank-{ids(season)[0]}": "x"})
    assert (wrong.status_code, "张林的推荐顺序请填写数字。" in wrong.text) == (422, True)


def test_forty_names_cost_no_more_statements_than_three(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    client, counts = enter(season_site, "clerk.institute"), []
    for more in (1, 37):
        with season.transaction() as session:
            crowd.stand(session, more)
            session.add(
                Phrase(
                    person_id=1,
                    kind="reason",
                    text="考核优秀",
                    changed_at=session.scalars(select(Task.created_at)).first(),
                )
            )
        client.get(RANKING)
        with statements(season) as sent:
            assert client.get(RANKING).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
