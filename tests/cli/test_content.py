"""`zhiping notice import` and `zhiping account create`: from an empty production database to a notice and a person."""

from sqlalchemy import select

from app.cli.places import NOTICES
from app.db import Database
from app.models.notice import Notice
from app.models.people import Person, RoleGrant
from tests.cli.conftest import Run


def test_notices_are_published_parents_first(run: Run, prepared: Database, secret: str) -> None:
    production = {"ZHIPING_MODE": "production", "ZHIPING_SECRET_FILE": secret}
    early = run("notice", "import", str(NOTICES / "n2_2023_bigdata"), **production)
    assert (early.exit_code, "尚未发布" in early.output) == (2, True)

    for name in ("n1_2022_general", "n2_2023_bigdata"):
        done = run("notice", "import", str(NOTICES / name), **production)
        assert done.exit_code == 0, done.output
    with prepared.reading() as session:
        keys = session.scalars(select(Notice.key).order_by(Notice.key)).all()
    assert keys == ["n1_2022_general", "n2_2023_bigdata"]


def test_folder_that_is_no_package_is_told(run: Run, prepared: Database, secret: str) -> None:
    result = run("notice", "import", str(NOTICES), ZHIPING_MODE="production", ZHIPING_SECRET_FILE=secret)
    assert (result.exit_code, "notice.yaml" in result.output) == (2, True)


def test_first_administrator_is_created(run: Run, prepared: Database, secret: str) -> None:
    production = {"ZHIPING_MODE": "production", "ZHIPING_SECRET_FILE": secret}
    made = run(
        "account",
        "create",
        "root",
        "系统管理员甲",
        "--role",
        "system_admin",
        "--password",
        "long-enough-1",
        **production,
    )
    assert made.exit_code == 0, made.output
    with prepared.reading() as session:
        found = session.execute(
            select(Person.name, RoleGrant.role).join(RoleGrant, RoleGrant.person_id == Person.id)
        ).all()
    assert [tuple(row) for row in found] == [("系统管理员甲", "system_admin")]


def test_short_password_creates_nobody(run: Run, prepared: Database, secret: str) -> None:
    result = run(
        "account", "create", "root", "甲", "--password", "short", ZHIPING_MODE="production", ZHIPING_SECRET_FILE=secret
    )
    assert (result.exit_code, "密码不能少于" in result.output) == (2, True)
    with prepared.reading() as session:
        assert session.scalars(select(Person.id)).all() == []
