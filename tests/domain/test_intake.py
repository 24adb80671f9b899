"""Registers from files: bodies, accounts with posts; every fault in one list, all or nothing, twice changes nothing."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from app import clock
from app.db import Database
from app.domain import accounts, organisations, people
from app.domain.intake import files, sheets
from app.domain.restructuring import merging, record
from app.errors import Conflict, Refused
from app.models.access import AccountChange
from app.models.people import Person, RoleGrant
from tests.support.website import statements

BODY_HEADINGS = ("名称*", "类别", "代号", "统一社会信用代码", "上级机构", "联系人", "联系电话", "已注册")
PERSON_HEADINGS = ("账号", "姓名", "身份证号", "手机号码", "机构", "岗位", "任职截止日期")
NUMBERS = ("11010119900307803X", "110101199003070396", "11010119900307088X")

WRONG_PERSONS = (
    ("", "", 110101199003070396, "123", "没有的院", "院长", "明年"),
    ("a", "甲", "110101199003070397", "", "", "单位负责人", "2001-01-01"),
    ("b", "乙", NUMBERS[0], "", "unit", "评审专家", ""),
    ("known", "已有人", NUMBERS[1], "", "unit", "", ""),
    ("c", "丙", NUMBERS[2], "", "unit", "管理人员", ""),
    ("d", "丁", NUMBERS[2], "", "unit", "单位负责人", ""),
    ("d", "丁某", "", "", "unit", "单位负责人", ""),
    ("shut", "停用人", "", "", "", "", ""),
    ("watch", "监督人", "", "", "unit", "抽取单位经办人", ""),
    ("admin", "管理员甲", "", "", "unit", "单位负责人", ""),
)


def code(number: int) -> str:
    body = f"9111000060003{number:04d}"
    return body + uscc.calc_check_digit(body)


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    with sqlite_database.transaction() as session:
        people.grant(session, people.register(session, "admin", "管理员甲").id, "system_admin")
        yield session


def by(session: Session) -> int:
    return session.scalars(select(Person.id).where(Person.account == "admin")).one()


def csv_of(*rows: Sequence[Any]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in rows).encode("gb18030")


def xlsx_of(*rows: Sequence[Any]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def taken(session: Session, kind: str, content: bytes, name: str = "名单.xlsx") -> tuple[int, sheets.Plan]:
    file = files.take(session, kind, name, content, by(session))
    return file.id, files.plan(session, file, by(session))


def applied(session: Session, kind: str, content: bytes) -> dict[str, int]:
    number, plan = taken(session, kind, content)
    return files.apply(session, kind, number, reason="机构改革", by=by(session), seen=plan.digest).counts


def told(plan: sheets.Plan) -> list[str]:
    return [f"{each.line} {each.column}：{each.text}" for each in plan.faults]


def test_bodies_are_founded_changed_and_left_alone(session: Session) -> None:
    old = organisations.create(session, "old", "旧名学院", "institution")
    organisations.rename(session, old.id, "新名学院")
    rows = [
        BODY_HEADINGS,
        ("第一实验室", "事业单位", "", code(1), "college", "", "", ""),
        ("示例学院", "institution", "college", "", "", "何联系", "023-67890000", "是"),
        ("旧名学院", "国有企业", "", code(2), code(1), "", "", "是"),
    ]
    number, plan = taken(session, "organisations", xlsx_of(*rows))
    assert [(each.line, each.name, each.outcome) for each in plan.entries] == [
        (2, "第一实验室", "created"),
        (3, "示例学院", "created"),
        (4, "新名学院", "changed"),
    ]
    assert plan.entries[2].changes == (
        ("类别", "事业单位", "国有企业"),
        ("统一社会信用代码", "", code(2)),
        ("注册", "未注册", "已注册"),
        ("上级机构", "", "第一实验室"),
    )
    files.apply(session, "organisations", number, reason="机构改革", by=by(session), seen=plan.digest)
    college = organisations.by_key(session, "college")
    lab = organisations.by_key(session, code(1))
    assert (college.contact_phone, college.registered) == ("023-67890000", True)
    assert organisations.get(session, old.id).path == f"/{college.id}/{lab.id}/{old.id}/"
    (line,) = record.of_body(session, old.id)
    assert (line.what, line.reason, line.by) == ("修改", "导入“名单.xlsx”：机构改革", "管理员甲")
    assert applied(session, "organisations", xlsx_of(*rows)) == {"created": 0, "changed": 0, "unchanged": 3}
    with pytest.raises(Conflict):
        files.apply(session, "organisations", number, reason="再来", by=by(session))
    renamed = csv_of(BODY_HEADINGS[:3], ("示范学院", "", "college"))
    number, plan = taken(session, "organisations", renamed, "名单.csv")
    organisations.rename(session, college.id, "范例学院")
    with pytest.raises(Conflict, match="核对以后登记的内容又有变动"):
        files.apply(session, "organisations", number, reason="更名", by=by(session), seen=plan.digest)
    files.apply(session, "organisations", number, reason="更名", by=by(session))
    assert organisations.get(session, college.id).former_names == ["示例学院", "范例学院"]


def test_every_fault_of_a_file_of_bodies_stands_in_one_list(session: Session) -> None:
    top = organisations.create(session, "top", "上级局", "department")
    below = organisations.create(session, "below", "下级所", "institution", top.id)
    for key in ("twin1", "twin2"):
        organisations.create(session, key, "同名站", "institution", {"twin1": top.id, "twin2": below.id}[key])
    gone = organisations.create(session, "gone", "撤销所", "institution")
    merging.merge(session, gone.id, below.id, reason="合并", by=None)
    _, plan = taken(
        session,
        "organisations",
        xlsx_of(
            BODY_HEADINGS,
            ("甲所", "城堡", "a", 911100006000373412, "", "", "55", "也许"),
            ("乙所", "institution", "a", "91110000600037341A", "没有的局", "", "", ""),
            ("丙所", "institution", "", "", "", "", "", ""),
            ("上级局", "", "top", "", "below", "", "", ""),
            ("同名站", "", "", "", "", "", "", ""),
            ("撤销所", "institution", "gone", "", "", "", "", ""),
            ("下级所", "institution", "new", "", "上级局", "", "", ""),
            ("丁所", "institution", "d", "", "撤销所", "", "", ""),
        ),
    )
    assert told(plan) == [
        "2 统一社会信用代码：存成了数值，末尾数字已经丢失。请把该列设为文本格式、重新填写后再导入。",
        "2 联系电话：联系电话有误，请核对；座机请写区号，如“023-”开头。",
        "2 类别：没有“城堡”这一机构类别。",
        "2 已注册：请填写“是”或“否”。",
        "3 统一社会信用代码：统一社会信用代码校验未通过，请按证书核对；应为18位。",
        "3 代号：与第2行重复。",
        "3 上级机构：没有找到上级机构“没有的局”。",
        "4 代号：新增的机构须填写代号或统一社会信用代码。",
        "5 上级机构：上级机构是它自己或它的下级。",
        "6 名称：有2个名为“同名站”的机构，请填写代号或统一社会信用代码。",
        "7 名称：“撤销所”已并入“下级所”，请删去本行。",
        "8 名称：同一上级之下已有名为“下级所”的机构。",
    ]
    for content, words in ((xlsx_of(("甲", "乙")), "没有找到表头“名称”“类别”"), (xlsx_of(BODY_HEADINGS), "没有内容")):
        with pytest.raises(Refused) as refused:
            taken(session, "organisations", content)
        assert words in refused.value.problems[0].message


def test_many_bodies_cost_no_statement_each(sqlite_database: Database) -> None:
    costs = []
    for size in (4, 60):
        keys = [f"k{size}-{number}" for number in range(size)]
        rows = [(f"所{key}", "institution", key, "", keys[at // 2] if at else "") for at, key in enumerate(keys)]
        with sqlite_database.transaction() as session:
            who = session.scalars(select(Person.id)).first() or people.register(session, "admin", "管理员甲").id
            with statements(sqlite_database) as seen:
                file = files.take(session, "organisations", "大.xlsx", xlsx_of(BODY_HEADINGS[:5], *rows), who)
                files.apply(session, "organisations", file.id, reason="导入", by=who)
            costs.append(len(seen))
            assert organisations.by_key(session, keys[3]).path.count("/") == 4
    assert costs[0] == costs[1]


def test_accounts_and_posts_are_taken_and_first_passwords_told_once(session: Session) -> None:
    unit = organisations.create(session, "unit", "示例学院", "institution")
    organisations.rename(session, unit.id, "示范学院")
    clerk = people.register(session, "old.clerk", "老经办", NUMBERS[0])
    people.grant(session, clerk.id, "unit_clerk", unit.id)
    rows = [
        PERSON_HEADINGS,
        ("Old.Clerk", "新经办", "", "13800000001", "示例学院", "职称管理员", "2099-12-31"),
        ("zhang.san", "张三", NUMBERS[1], "", "unit", "单位负责人", ""),
        ("zhang.san", "张三", "", "", "", "管理人员", ""),
    ]
    number, plan = taken(session, "accounts", xlsx_of(*rows))
    assert [(each.outcome, each.changes) for each in plan.entries] == [
        (
            "changed",
            (
                ("姓名", "老经办", "新经办"),
                ("手机号码", "", "138****0001"),
                ("示范学院 单位职称管理员任期", "长期", "至2100年1月1日00:00"),
            ),
        ),
        (
            "created",
            (
                ("姓名", "", "张三"),
                ("身份证号", "", "110***********0396"),
                ("任职", "", "示范学院 单位负责人（长期）"),
            ),
        ),
        ("changed", (("任职", "", "管理人员（长期）"),)),
    ]
    files.apply(session, "accounts", number, reason="换届", by=by(session), seen=plan.digest)
    made = session.scalars(select(Person).where(Person.account == "zhang.san")).one()
    assert (made.sex, made.password_hash, people.by_identity(session, NUMBERS[1])) == ("male", None, made)
    held = session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == made.id).order_by(RoleGrant.id)).all()
    assert held == ["unit_head", "manager"]
    notes = session.scalars(select(AccountChange).where(AccountChange.person_id == clerk.id)).all()
    assert [(each.kind, each.reason) for each in notes] == [("imported", "导入“名单.xlsx”：换届")]
    assert "13800000001" not in str(notes[0].details)
    assert applied(session, "accounts", xlsx_of(*rows)) == {"created": 0, "changed": 0, "unchanged": 3}


def test_first_passwords_are_told_once(session: Session) -> None:
    organisations.create(session, "unit", "示范学院", "institution")
    number, _ = taken(
        session, "accounts", xlsx_of(PERSON_HEADINGS, ("zhang.san", "张三", "", "", "unit", "单位负责人", ""))
    )
    files.apply(session, "accounts", number, reason="换届", by=by(session))
    made = session.scalars(select(Person).where(Person.account == "zhang.san")).one()
    (first,) = files.hand_out(session, number, by(session))
    (second,) = files.hand_out(session, number, by(session))
    assert (second.body, second.account, made.password_given_at) == ("示范学院", "zhang.san", clock.now(session))
    assert accounts.login(session, "zhang.san", first.password).token is None
    assert accounts.login(session, "zhang.san", second.password).token is not None
    accounts.set_password(session, made.id, "my-own-password")
    with pytest.raises(Refused):
        files.hand_out(session, number, by(session))


def test_every_fault_of_a_file_of_accounts_stands_in_one_list(session: Session) -> None:
    unit = organisations.create(session, "unit", "示例学院", "institution")
    people.register(session, "known", "已有人", NUMBERS[0])
    shut = people.register(session, "shut", "停用人")
    accounts.disable(session, shut.id)
    people.grant(session, people.register(session, "watch", "监督人").id, "discipline", unit.id)
    _, plan = taken(session, "accounts", xlsx_of(PERSON_HEADINGS, *WRONG_PERSONS))
    lost = "存成了数值，末尾数字已经丢失。请把该列设为文本格式、重新填写后再导入。"
    assert told(plan) == [
        f"2 身份证号：{lost}",
        "2 账号：请填写账号。",
        "2 姓名：请填写姓名。",
        "2 手机号码：手机号码有误，请核对；应为11位。",
        "2 岗位：没有“院长”这一岗位。",
        "2 任职截止日期：日期应为2028-12-31的样式。",
        "2 机构：没有找到机构“没有的院”。",
        "3 身份证号：身份证号校验未通过，请核对第18位附近的数字；应为18位。",
        "3 任职截止日期：任职截止日期不能早于今天。",
        "3 机构：“单位负责人”须在机构中任职，请填写机构。",
        "4 岗位：“评审专家”由系统按申报、入库和会议席位确定，不能在此授予。",
        "4 身份证号：该身份证号已由账号“known”使用。",
        "5 身份证号：与账号“known”已登记的身份证号不同，请核对。",
        "5 岗位：请填写岗位。",
        "6 机构：“管理人员”不在机构中任职，机构请留空。",
        "7 身份证号：与第6行重复。",
        "8 账号：与第7行重复。",
        "8 姓名：与第7行同一账号所填的不同。",
        "9 账号：该账号已停用，请先启用账号。",
        "10 岗位：抽取单位纪检监督部门与抽取单位经办人不能由同一人担任：抽取须由他人监督。",
        "11 岗位：不能给自己授予任职，请由其他系统管理员办理。",
    ]
