"""Founding, renaming, moving and merging bodies: what is touched, what stands in the way, what goes over."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Base, Database
from app.domain import accounts, organisations, people, quotas
from app.domain.restructuring import changes, merging, moves, record, references, touched
from app.domain.restructuring.changes import Said, fingerprint
from app.domain.restructuring.moves import Sight
from app.errors import Conflict, Refused
from app.models.desk import ClosingDay
from app.models.figures import AlertRule
from app.models.people import LoginSession, RoleGrant, Substitute
from app.models.process import Task
from app.models.recommendation import QuotaFiling, UnitBatch
from tests.support import cases
from tests.support.cases import Season

NAMED_WITHOUT_A_KEY = ("organisation_id", "convening_key")


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    with sqlite_database.transaction() as session:
        yield session


def refused(work, *given, **more) -> list[str]:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as why:
        work(*given, **more)
    return [problem.message for problem in why.value.problems]


def open_task(season: Season, body: int, role: str = "unit_clerk", status: str = "open") -> Task:
    made = cases.instance(season, "declaration")
    task = Task(
        instance_id=made.id,
        engine_task_id=f"e{made.id}",
        element_id="check",
        process_key="declaration",
        name="单位审核",
        role=role,
        organisation_id=body,
        status=status,
        created_at=clock.now(season.session),
    )
    season.session.add(task)
    season.session.flush()
    return task


def test_every_column_that_names_a_body_goes_over_or_stays() -> None:
    found = {"integrity_entry.subject_id"}  # a person, a body or a committee
    for table in Base.metadata.tables.values():
        for column in table.columns:
            keyed = any(key.target_fullname == "organisation.id" for key in column.foreign_keys)
            if keyed or column.name in NAMED_WITHOUT_A_KEY:
                found.add(f"{table.name}.{column.name}")
    moving = [f"{each.model.__tablename__}.{each.column}" for each in references.MOVES]
    assert sorted([*moving, *references.STAYS]) == sorted(found)


def batch_at(season: Season, body: int, **more: str) -> UnitBatch:
    """A batch under way, with nobody in it yet."""
    made = UnitBatch(
        organisation_id=body,
        notice_key=cases.N2,
        notice_version_id=season.version.id,
        role="unit_clerk",
        created_at=clock.now(season.session),
        instance_id=cases.instance(season, "unit_recommendation").id,
        **more,
    )
    season.session.add(made)
    season.session.flush()
    return made


def filed(season: Season, body: int, year: int) -> None:
    """Form 7 of a year, and a closing day."""
    now, day = clock.now(season.session), date(2023, 10, 20)
    season.session.add(QuotaFiling(organisation_id=body, year=year, version=1, filed_at=now))
    if year == now.year:
        said = {"closes_on": day, "set_by": season.people["clerk"], "set_at": now}
        season.session.add(ClosingDay(organisation_id=body, notice_key=cases.N2, **said))
    season.session.flush()


def test_merge_carries_what_is_under_way_and_leaves_what_is_over(database: Database) -> None:
    with database.transaction() as session:
        season = cases.season(session)
        now, old, new = clock.now(session), season.bodies["institute"], season.bodies["company"]
        child = organisations.create(session, "lab", "虚构实验室", "institution", old).id
        earlier = organisations.create(session, "archive", "虚构档案馆", "institution").id
        merging.merge(session, earlier, old, reason="先并", by=None)
        waiting, done = open_task(season, old), open_task(season, old, status="completed")
        batch, theirs = batch_at(season, old, phase="decided"), batch_at(season, new)
        for body, year in ((old, now.year), (new, now.year), (old, now.year + 1)):
            filed(season, body, year)

        outlook = merging.outlook(session, old, new, now)
        both = [each.text for each in outlook.clashes]
        assert "两个机构都有在办的推荐批次" in both[0]
        assert both[1].startswith(f"两个机构都已备案{now.year}年申报数量。合并后以虚构云计算有限公司的备案为准")
        assert both[2].endswith("两个机构都规定了本单位截止日期。合并后以虚构云计算有限公司的日期为准。")
        assert both[3:] == ["两个机构类别不同（事业单位、非公单位），合并后按非公单位办理，请确认岗位是否合适。"]
        assert (outlook.refused, outlook.touched.open_tasks, dict(outlook.goes)["待办任务"]) == ([], 1, 1)
        seen = fingerprint(outlook.source, outlook.target)
        merging.merge(session, old, new, reason="机构改革", by=season.people["clerk"], seen=seen)

        assert [each.organisation_id for each in (waiting, done, batch)] == [new, old, new]
        years = ((new, now.year + 1), (old, now.year), (new, now.year))
        assert [len(quotas.versions(session, *each)) for each in years] == [1, 1, 1]
        assert session.scalars(select(ClosingDay.organisation_id)).all() == [new]
        assert organisations.get(session, child).path == f"/{new}/{child}/"
        assert {organisations.get(session, each).merged_into_id for each in (old, earlier)} == {new}
        late = cases.batch_of(season, cases.submitted(season))
        assert late.id == theirs.id  # what passes the old unit's check later joins the successor's batch
        said = [(line.what, line.reason, line.by) for line in record.of_body(session, old)]
        assert said == [("并入其他机构", "机构改革", "赵经办"), ("并入本机构", "先并", "")]
        assert ("待办任务", "", "1") in record.of_body(session, new)[0].changes
        waiting.organisation_id = earlier  # as if it had been put there while the bodies were merged
        session.flush()
        assert (merging.catch_up(session), merging.catch_up(session)) == (1, 0)
        session.refresh(waiting)
        assert waiting.organisation_id == new
        gone = refused(merging.merge, session, old, season.bodies["agency"], reason="再并", by=None)
        assert gone == ["“虚构数据研究院”已经并入其他机构。"]


def test_merge_carries_posts_and_who_held_both_keeps_one(session: Session) -> None:
    season = cases.season(session)
    now, old, new = clock.now(session), season.bodies["institute"], season.bodies["company"]
    clerk, other = season.people["clerk"], season.people["bing"]
    double = session.scalars(select(RoleGrant).where(RoleGrant.organisation_id == old)).one()
    open_task(season, old), open_task(season, old, "dept_admin")
    kept = people.grant(session, clerk, "unit_clerk", new).id
    head, gone = people.grant(session, other, "unit_head", old), people.grant(session, other, "unit_clerk", old)
    people.revoke(session, gone.id)
    accounts.open_login(session, clerk)
    session.add(AlertRule(person_id=clerk, grant_id=double.id, kind="queue", threshold=3, set_at=now))
    post = {"role": "unit_head", "organisation_id": old, "from_at": now, "reason": "出差"}
    away = Substitute(person_id=other, substitute_id=clerk, **post)
    session.add(away)
    session.flush()
    words = [each.text for each in merging.outlook(session, old, new, now).clashes]
    assert "赵经办在两个机构都任单位职称管理员，合并后保留在虚构云计算有限公司的任职。" in words
    assert words[-1] == "单位主管部门的1件待办在两个机构都无人可办，请安排虚构云计算有限公司的单位主管部门。"
    merging.merge(session, old, new, reason="机构改革", by=None)
    assert (head.organisation_id, gone.organisation_id, away.organisation_id) == (new, old, new)
    assert (double.organisation_id, double.revoked_at) == (old, now)
    assert session.scalars(select(LoginSession.acting_grant_id)).all() == [kept]
    assert session.scalars(select(AlertRule.grant_id)).all() == [kept]


def test_merge_is_refused_where_no_rule_decides(session: Session) -> None:
    season = cases.season(session)
    old, new, bureau = (season.bodies[key] for key in ("institute", "company", "bureau"))
    for body in (old, new):
        organisations.create(session, f"lab{body}", "虚构实验室", "institution", body)
        batch_at(season, body)
    batches, names = refused(merging.merge, session, old, new, reason="合并", by=None)
    assert "各有一个“收集待定”的推荐批次，一个单位同时只能有一个。请先由其中一个机构确定推荐人选，再合并。" in batches
    assert names == "两个机构都有名为“虚构实验室”的下级。请先更名或先合并这两个下级。"
    circle = ["不能把机构并入它自己或它的下级。"]
    assert refused(merging.merge, session, bureau, old, reason="合并", by=None) == circle
    assert refused(merging.merge, session, bureau, bureau, reason="合并", by=None) == circle
    assert refused(merging.merge, session, old, new, reason=" ", by=None) == ["请填写原因。"]
    seen = fingerprint(organisations.get(session, old), organisations.get(session, new))
    organisations.rename(session, new, "虚构云计算股份有限公司")
    with pytest.raises(Conflict, match="刚刚已由他人变更"):
        merging.merge(session, old, new, reason="合并", by=None, seen=seen)


def test_move_takes_the_subtree_and_says_who_sees_what_from_now_on(database: Database) -> None:
    with database.transaction() as session:
        season = cases.season(session)
        now, bureau, tro = clock.now(session), season.bodies["bureau"], season.bodies["dadukou_tro"]
        institute = organisations.get(session, season.bodies["institute"])
        lab = organisations.create(session, "lab", "虚构实验室", "institution", institute.id)
        people.grant(session, season.people["yi"], "unit_head", bureau)
        people.grant(session, season.people["bing"], "district_tro", tro)
        open_task(season, institute.id), open_task(season, lab.id), open_task(season, lab.id, "district_tro")
        parent = organisations.get(session, tro)
        assert moves.sights(session, institute, parent, now) == [
            Sight("虚构市经信委", False, 1, 2),
            Sight("虚构区职改办", True, 1, 1),
        ]
        moves.move(session, institute.id, tro, reason="隶属关系调整", by=season.people["yi"])
        assert organisations.get(session, lab.id).path == f"/{tro}/{institute.id}/{lab.id}/"
        assert moves.sights(session, organisations.get(session, bureau), None, now) == []
        (line,) = record.of_body(session, institute.id)
        assert (line.what, line.changes) == ("调整隶属", (("上级机构", "虚构市经信委", "虚构区职改办"),))
        for parent_id, words in (
            (lab.id, "不能把机构移到它自己或它的下级之下。"),
            (tro, "该机构现在就隶属于所选的上级。"),
        ):
            assert refused(moves.move, session, institute.id, parent_id, reason="再调", by=None) == [words]
        moves.move(session, institute.id, None, reason="直属", by=None)
        assert organisations.get(session, lab.id).path == f"/{institute.id}/{lab.id}/"


def test_change_keeps_former_names_and_refuses_what_is_taken(session: Session) -> None:
    season = cases.season(session)
    institute, bureau = season.bodies["institute"], season.bodies["bureau"]
    open_task(season, institute)
    counted = touched.of_subtree(session, organisations.get(session, bureau), clock.now(session))
    assert (counted.bodies, counted.open_tasks, counted.people, counted.batches) == (2, 1, 1, [])
    cases.submitted(season)
    assert touched.of_subtree(session, organisations.get(session, bureau), clock.now(session)).routes == 1
    lab = changes.found(
        session, Said("虚构实验室", "institution", credit_code="91110000600037341l"), bureau, reason="新设", by=None
    )
    assert (lab.key, lab.credit_code, lab.path) == (*["91110000600037341L"] * 2, f"/{bureau}/{lab.id}/")
    same = Said("虚构数据研究院", "institution", key="other")
    taken = ["同一上级之下已有名为“虚构数据研究院”的机构。"]
    assert refused(changes.found, session, same, bureau, reason="新设", by=None) == taken
    assert changes.found(session, same, None, reason="新设", by=None).parent_id is None
    many = Said(" ", "castle", credit_code="911", contact_phone="55")
    assert len(refused(changes.found, session, many, bureau, reason="新设", by=None)) == 4
    new = Said("虚构数据科学院", "institution", credit_code="91110000600037341L", registered=True)
    assert refused(changes.change, session, institute, new, reason="更名", by=None) == [
        "该统一社会信用代码已由“虚构实验室”注册。"
    ]
    changes.change(session, institute, Said("虚构数据科学院", "agency", registered=True), reason="更名", by=None)
    body = organisations.get(session, institute)
    assert (body.name, body.former_names, body.kind) == ("虚构数据科学院", ["虚构数据研究院"], "agency")
    assert [(line.what, line.changes) for line in record.of_body(session, institute)] == [
        ("修改", (("类别", "事业单位", "人事代理机构"),)),
        ("更名", (("名称", "虚构数据研究院", "虚构数据科学院"),)),
    ]
    same = Said("虚构数据科学院", "agency", registered=True)
    assert refused(changes.change, session, institute, same, reason="更名", by=None) == ["没有修改任何内容。"]
