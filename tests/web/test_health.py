"""运行状况: every lamp in good and in bad days, bounded statements, and who may read it without a login."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import case, func, select, update

from app import clock
from app.config import Settings
from app.db import Database
from app.domain.deadline_rows import WAKES
from app.jobs.beats import Beats
from app.models.notification import Notification
from app.models.outbox import Delivery
from app.models.people import RoleGrant
from app.models.process import Deadline, Incident
from app.processes import figures, health
from tests.support import crowd
from tests.support.multiply import multiply
from tests.support.website import enter, site, statements
from tests.web.test_administration import plain

pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


def states(database: Database, settings: Settings) -> dict[str, tuple[str, str]]:
    return {each.key: (each.state, each.says) for each in health.report(database, settings).lamps}


def test_lamps_tell_good_days_from_bad_ones(season: Database, season_site: Flask, settings: Settings):
    crowd.walk(season, crowd.PUBLICISED)
    beats = Beats(season)
    for name in ("tick", "reminders", "delivery", "figures"):
        beats.watched(lambda: None, name)()
    figures.refresh(season)
    good = states(season, settings)
    bad = {key: state for key, (state, _) in good.items() if state in ("bad", "warn") and key != "disk"}
    assert bad == {}
    assert good["schema"][0] == "unknown"  # a test's tables were made without migrations
    assert good["database"][1].startswith("SQLite 3")
    assert good["backup"][0] == "unknown"
    assert good["nobody"] == ("ok", "0个岗位有待办而无人任职")
    beats.watched(lambda: 1 / 0, "tick")()
    with season.transaction() as session:
        now = clock.now(session)
        session.execute(update(RoleGrant).where(RoleGrant.role == "unit_clerk").values(revoked_at=now))
        one = select(func.min(Deadline.id)).where(WAKES).scalar_subquery()
        far, late = now + timedelta(days=40 * 365), now - timedelta(hours=2)
        session.execute(update(Deadline).values(due_at=case((Deadline.id == one, late), else_=far)))
        told = session.query(Notification).first()
        assert told is not None
        late = {"notification_id": told.id, "due_at": now - timedelta(hours=3)}
        session.add_all([Delivery(channel="email", **late), Delivery(channel="sms", status="failed", **late)])
        session.add(Incident(kind="script", reason="试验", at=now))
    (settings.data / "backup.stamp").touch()
    os.utime(settings.data / "backup.stamp", (0, 0))
    found = states(season, settings)
    assert "ZeroDivisionError" in found["tick"][1]
    assert found["timers"][0] == "bad"
    assert "最早的已过2小时" in found["timers"][1]
    assert "山城数智研究院单位职称管理员" in found["nobody"][1]
    assert found["letters"] == ("bad", "待发1封，最早的已等3小时")
    assert found["tick"][0] == found["nobody"][0] == found["failed_letters"][0] == found["incidents"][0] == "warn"
    assert found["incidents"][0] == found["backup"][0] == "warn"
    assert "年放假安排未公布" in found["calendar"][1]
    page = plain(enter(season_site, "admin").get("/administration/health").text)
    assert "请在“消息发送”中查看原因，更正后重发。" in page
    assert enter(season_site, "manager").get("/administration/health").status_code == 403


def test_monitoring_learns_by_the_status_that_something_is_wrong(season: Database, settings: Settings):
    Beats(season).watched(lambda: 1 / 0, "tick")()
    answer = site(settings, season).test_client().get("/health.json")
    assert (answer.status_code, answer.json["state"]) == (503, "bad")  # a job that has only ever failed


def test_it_asks_as_often_of_much_as_of_little_and_answers_monitoring(season: Database, settings: Settings):
    crowd.walk(season, crowd.SUBMITTED)
    figures.refresh(season)
    health.report(season, settings)
    with statements(season) as few:
        health.report(season, settings)
    with season.transaction() as session:
        multiply(session, 3)
    with statements(season) as many:
        health.report(season, settings)
    assert len(few) == len(many) < 60
    inside, secret = site(settings, season), "a token of a monitoring system"
    answer = inside.test_client().get("/health.json")
    assert (answer.status_code, answer.json["state"]) in ((200, "ok"), (200, "warn"))  # the disk may be short
    assert {"timers", "disk", "database"} <= {each["key"] for each in answer.json["lamps"]}
    outside = {"REMOTE_ADDR": "203.0.113.9"}
    guarded = site(replace(settings, health_token=secret), season).test_client()
    assert guarded.get("/health.json", environ_base=outside).status_code == 404
    assert inside.test_client().get("/health.json", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    for said, status in ((secret, 200), ("", 404), ("错", 404)):
        headers = {"Authorization": f"Bearer {said}".encode().decode("latin-1")}
        assert guarded.get("/health.json", environ_base=outside, headers=headers).status_code == status
    assert (
        inside.test_client().get("/health.json", environ_base=outside, headers={"Authorization": "Bearer "}).status_code
        == 404
    )
