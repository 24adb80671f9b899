"""The studio's website with one draft: N2 cloned for 2024 by the demo's designer."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain import notices
from tests.support.website import enter

N2 = "n2_2023_bigdata"


@dataclass
class Studio:
    app: Flask
    client: FlaskClient
    draft: int

    def url(self, rest: str = "") -> str:
        return f"/studio/drafts/{self.draft}{rest}"


def heading(version: int, **more: str) -> dict[str, str]:
    """The form of a new draft that is based on a version."""
    said = {
        "base": f"version:{version}", "key": "bigdata_2024", "title": "2024年大数据职称申报评审工作的通知",
        "number": "待编号", "issuer": "重庆市大数据应用发展管理局", "year": "2024", "in_force_from": "2024-09-01",
        "parent": "n1_2022_general",
    }  # fmt: skip
    return {**said, **more}


@pytest.fixture
def version(season_site: Flask) -> int:
    with season_site.extensions["database"].reading() as session:
        return notices.latest(session, N2).id


@pytest.fixture
def studio(season_site: Flask, version: int) -> Studio:
    client = enter(season_site, "designer")
    made = client.post("/studio/new", data=heading(version))
    assert made.status_code == 302, made.text
    return Studio(season_site, client, int(made.location.rpartition("/")[2]))
