"""Who stands in a pool and may be drawn: terms, what excludes, and one statement for all (D13, D14)."""

from datetime import UTC, date, datetime

from sqlalchemy import event, select

from app.cli import demo
from app.db import Database
from app.domain import demo_experts, demo_people, people, pools, review_committees
from app.models.expert import Expert, PoolEntry, ReviewCommittee
from app.models.notice import Committee


def senior(session) -> ReviewCommittee:
    return session.scalars(select(ReviewCommittee).where(ReviewCommittee.name == demo_experts.SENIOR)).one()


def fill(session) -> ReviewCommittee:
    demo_people.load_demo_people(session)
    demo_experts.load(session)
    demo_experts.load(session)
    return senior(session)


def test_the_demo_s_pool_is_complete_and_read_by_one_statement(database: Database):
    with database.transaction() as session:
        committee = fill(session)
        session.expire_all()
        identity, statements = committee.id, []
        event.listen(database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        found = pools.drawable(session, identity, date(2023, 12, 4))
        assert len(statements) == 1
        assert (len(found), sum(not each.excluded for each in found)) == (118, 115)
        assert {each.excluded for each in found} == {(), ("expired",), ("suspended",)}
        assert len({each.name for each in found}) == 118
        assert sum(each.leader for each in found) == 1
        assert sum(each.district is not None for each in found) > 20


def test_a_term_ends_with_its_last_day(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        committee = fill(session)

        def free(day: date) -> int:
            return sum(not each.excluded for each in pools.drawable(session, committee.id, day))

        assert (free(date(2021, 8, 31)), free(date(2024, 8, 31)), free(date(2024, 9, 1))) == (2, 115, 0)


def test_what_excludes_an_expert_is_named(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        committee = fill(session)
        day = date(2023, 12, 4)
        sanctioned, retired, famous, black, renewed = session.scalars(
            select(Expert).join(PoolEntry).where(PoolEntry.review_committee_id == committee.id).limit(5).offset(10)
        )
        people.register_sanction(session, sanctioned.person_id, "政务处分", (date(2023, 1, 1), day), "文书")
        retired.retired_on = day
        famous.retired_on, famous.retirement_exception = day, "well_known"
        black.blacklisted_at = datetime(2023, 1, 1, tzinfo=UTC)
        session.add(
            PoolEntry(
                expert_id=renewed.id,
                review_committee_id=committee.id,
                source="recommended",
                term_from=date(2023, 12, 1),
                term_to=date(2026, 11, 30),
                position="deputy_chair",
            )
        )
        session.flush()
        found = {each.expert_id: each for each in pools.drawable(session, committee.id, day)}
        assert found[sanctioned.id].excluded == ("sanctioned",)
        assert found[retired.id].excluded == ("retired",)
        assert found[famous.id].excluded == ()
        assert found[black.id].excluded == ("blacklisted",)
        assert (found[renewed.id].position, len(found)) == ("deputy_chair", 118)
        later = {each.expert_id: each for each in pools.drawable(session, committee.id, date(2023, 12, 5))}
        assert later[sanctioned.id].excluded == ()


def test_the_demo_is_filled_with_committees_of_its_schedules(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        demo.fill(session)
        names = (demo_experts.SENIOR, demo_experts.DISTRICT)
        rows = session.scalars(select(Committee).where(Committee.name.in_(names)))
        assert {review_committees.of_row(session, row).name for row in rows} == set(names)
