"""The register of committees: validity by the day, suspension, and what is refused (R-163, R-236, E12)."""

from datetime import date

import pytest

from app.db import Database
from app.domain import integrity, organisations, review_committees
from app.errors import Conflict, Refused

FIRST, LAST = date(2021, 9, 1), date(2024, 8, 31)


@pytest.fixture
def session(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        yield session


def committee(session, **more):
    body = organisations.create(session, "office", "虚构组建单位", "convening_organisation").id
    details = {"name": "虚构评委会", "kind": "specialty", "executing_size": 13}
    details |= {"approved_from": FIRST, "approved_to": LAST, "convening_id": body, "approving_id": body}
    return review_committees.register(session, **{**details, **more})


@pytest.mark.parametrize(
    ("day", "state", "said"),
    [
        (date(2021, 8, 31), "not_approved", "自2021年9月1日起有效"),
        (FIRST, "approved", None),
        (LAST, "approved", None),
        (date(2024, 9, 1), "expired", "本评委会核准备案有效期至2024年8月31日，重新核准备案前不能组织评审。"),
    ],
)
def test_validity_follows_from_the_date(session, day, state, said):
    registered = committee(session)
    assert review_committees.state(registered, day) == state
    if said is None:
        review_committees.require_valid(session, registered, day)
    else:
        with pytest.raises(Refused, match=said):
            review_committees.require_valid(session, registered, day)


def test_a_suspended_committee_may_not_review_until_it_is_restored(session):
    registered = committee(session)
    review_committees.set_status(session, registered, "suspended", "限期整改逾期")
    with pytest.raises(Refused, match="暂停评审工作（限期整改逾期），恢复前不能组织评审"):
        review_committees.require_valid(session, registered, FIRST)
    with pytest.raises(Conflict):
        review_committees.set_status(session, registered, "suspended", "再次")
    review_committees.set_status(session, registered, "approved", "整改完成")
    review_committees.require_valid(session, registered, FIRST)


def test_every_fault_of_a_registration_is_named_at_once(session):
    committee(session)
    with pytest.raises(Refused) as refused:
        review_committees.register(
            session, name="虚构评委会", kind="other", executing_size=0, approved_from=LAST, approved_to=FIRST
        )
    assert [problem.field for problem in refused.value.problems] == ["kind", "executing_size", "approved_to", "name"]


def test_an_integrity_entry_needs_its_words_and_its_basis(session):
    registered = committee(session)
    with pytest.raises(Refused) as refused:
        integrity.enter(session, "firm", 1, "rumour", " ", "", {}, by=None)
    assert [problem.code for problem in refused.value.problems] == ["subject", "kind", "missing", "missing"]
    integrity.enter(
        session,
        "review_committee",
        registered.id,
        "committee_suspended",
        "整改逾期",
        "N1 §五(二)",
        {"case": 7},
        by=None,
    )
    (entry,) = integrity.of_subject(session, "review_committee", registered.id)
    assert (entry.text, entry.source) == ("整改逾期", {"case": 7})
    assert integrity.of_subject(session, "organisation", registered.id) == []
