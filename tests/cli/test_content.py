"""`zhiping notice import`, `account create`, `instance export`: into a production database, and the way out."""

import json
from pathlib import Path

from sqlalchemy import select

from app.cli.places import NOTICES
from app.db import Database
from app.domain.drafts import archive
from app.models.notice import Notice
from app.models.people import Person, RoleGrant
from tests.cli.conftest import Run
from tests.support import clockwork
from tests.support.clockwork import Freeze


def test_notices_are_published_parents_first(run: Run, prepared: Database, secret: str, tmp_path: Path) -> None:
    production = {"ZHIPING_MODE": "production", "ZHIPING_SECRET_FILE": secret}
    early = run("notice", "import", str(NOTICES / "n2_2023_bigdata"), **production)
    assert (early.exit_code, "尚未发布" in early.output) == (2, True)

    for name in ("n1_2022_general", "n2_2023_bigdata"):
        done = run("notice", "import", str(NOTICES / name), **production)
        assert done.exit_code == 0, done.output
    out = tmp_path / "n2.zip"
    assert run("notice", "export", "n2_2023_bigdata", "--out", str(out), **production).exit_code == 0
    assert archive.unpacked(out.read_bytes())[0].year == 2023
    assert run("notice", "export", "unknown", **production).exit_code == 2
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


def test_instance_is_exported_to_a_file_or_the_screen(
    run: Run, prepared: Database, freeze: Freeze, tmp_path: Path
) -> None:
    number = clockwork.build(prepared, freeze).start("asks")
    shown = run("instance", "export", str(number))
    assert (shown.exit_code, json.loads(shown.output)["spec"]["name"]) == (0, "asks")
    written = run("instance", "export", str(number), "--out", str(tmp_path / "out.json"))
    assert (written.exit_code, "已导出到" in written.output) == (0, True)
    assert json.loads((tmp_path / "out.json").read_bytes()).keys() == json.loads(shown.output).keys()
    missing = run("instance", "export", "404")
    assert (missing.exit_code, "没有这个流程实例" in missing.output) == (2, True)


def test_registers_are_taken_from_files(run: Run, prepared: Database, secret: str, tmp_path: Path) -> None:
    production = {"ZHIPING_MODE": "production", "ZHIPING_SECRET_FILE": secret}
    made = ("account", "create", "root", "系统管理员甲", "--role", "system_admin", "--password", "long-enough-1")
    assert run(*made, **production).exit_code == 0
    bodies, people, told = tmp_path / "bodies.csv", tmp_path / "people.csv", tmp_path / "first.csv"
    bodies.write_text("名称,类别,代号,上级机构\n甲所,事业单位,a,b\n乙所,城堡,b,c\n", encoding="utf-8")
    wrong = run("organisation", "import", str(bodies), "--by", "root", **production)
    assert wrong.exit_code == 2
    for words in (
        "第3行 类别：没有“城堡”这一机构类别。",
        "第3行 上级机构：没有找到上级机构“c”。",
        "有2处错误，全部没有导入。",
    ):
        assert words in wrong.output
    bodies.write_text("名称,类别,代号,上级机构\n甲所,事业单位,a,b\n乙所,事业单位,b,\n", encoding="utf-8")
    look = run("organisation", "import", str(bodies), "--by", "root", "--look", **production)
    assert "第2行 新增 甲所" in look.output
    assert "已导入：新增2行" in run("organisation", "import", str(bodies), "--by", "root", **production).output
    people.write_text("账号,姓名,机构,岗位\nclerk,张三,a,职称管理员\n", encoding="utf-8")
    given = ("account", "import", str(people), "--passwords", str(told))
    assert run(*given, "--by", "nobody", **production).exit_code == 2
    assert "1个账号的初始密码已写入" in run(*given, "--by", "root", **production).output
    assert told.read_text(encoding="utf-8-sig").splitlines()[1].startswith("甲所,张三,clerk,")
    assert run(*given, "--by", "root", **production).exit_code == 2
