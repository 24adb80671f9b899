"""Bodies of the hierarchy: paths, finding, contacts, renaming."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import organisations
from app.domain.restructuring import merging
from app.errors import NotFound, Refused
from app.models.people import Organisation


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


@pytest.fixture
def tree(session: Session) -> dict[str, int]:
    """tro → department → school, library; and a neighbour beside it all."""
    ids: dict[str, int] = {}
    for key, under in (("tro", None), ("department", "tro"), ("school", "department"), ("library", "department")):
        ids[key] = organisations.create(session, key, f"{key}局", "department", ids.get(under or "")).id
    ids["neighbour"] = organisations.create(session, "neighbour", "邻区", "district_tro").id
    return ids


def subtree(session: Session, *paths: str) -> list[str]:
    query = select(Organisation.key).where(organisations.within(Organisation.id, paths))
    return sorted(session.scalars(query))


def path(session: Session, organisation_id: int) -> str:
    return organisations.get(session, organisation_id).path


def refusal(refused: pytest.ExceptionInfo[Refused]) -> str:
    (problem,) = refused.value.problems
    return problem.message


def test_create_writes_the_path_from_the_root(session: Session, tree: dict[str, int]):
    assert path(session, tree["school"]) == f"/{tree['tro']}/{tree['department']}/{tree['school']}/"


def test_create_refuses_unknown_kind_taken_key_and_taken_code(session: Session):
    organisations.create(session, "a", "甲", "agency", credit_code="91110000600037341L")
    for key, kind, details, words in (
        ("b", "castle", {}, "没有“castle”这一机构类别。"),
        ("a", "agency", {}, "机构代号“a”已被使用。"),
        ("b", "agency", {"credit_code": "91110000600037341l"}, "该统一社会信用代码已由“甲”注册。"),
        ("b", "agency", {"contact_phone": "55"}, "联系电话有误，请核对；座机请写区号，如“023-”开头。"),
    ):
        with pytest.raises(Refused) as refused:
            organisations.create(session, key, "乙", kind, **details)
        assert refusal(refused) == words


def test_within_is_the_subtree_and_no_neighbour(session: Session, tree: dict[str, int]):
    assert subtree(session, path(session, tree["department"])) == ["department", "library", "school"]
    assert subtree(session, path(session, tree["school"]), path(session, tree["neighbour"])) == ["neighbour", "school"]


def test_within_of_ten_bodies_does_not_confuse_1_with_10(session: Session):
    ids = [organisations.create(session, f"o{n}", f"机构{n}", "agency").id for n in range(12)]
    assert subtree(session, path(session, ids[0])) == ["o0"]


def test_ancestors_run_from_the_root(session: Session, tree: dict[str, int]):
    assert [each.key for each in organisations.ancestors(session, tree["school"])] == ["tro", "department", "school"]


def test_find_knows_present_and_former_names_of_living_bodies(session: Session, tree: dict[str, int]):
    organisations.rename(session, tree["school"], "育才中学")
    organisations.rename(session, tree["library"], "图书馆")
    merging.merge(session, tree["library"], tree["school"], reason="合并", by=None)
    assert [each.key for each in organisations.find(session, "育才")] == ["school"]
    assert [each.key for each in organisations.find(session, "school局")] == ["school"]
    assert organisations.find(session, "图书馆") == []
    assert [each.key for each in organisations.find(session, kinds=["district_tro"])] == ["neighbour"]
    assert organisations.find(session, "%") == []


def test_by_key_and_credit_code_give_the_body_that_answers_today(session: Session, tree: dict[str, int]):
    old = organisations.create(session, "old", "旧", "agency", credit_code="91110000600037341L")
    merging.merge(session, old.id, tree["neighbour"], reason="合并", by=None)
    assert organisations.by_key(session, "old").key == "neighbour"
    found = organisations.by_credit_code(session, "91110000600037341L")
    assert found is not None
    assert found.key == "neighbour"
    with pytest.raises(NotFound):
        organisations.by_key(session, "nowhere")


def test_a_step_s_own_contact_comes_before_the_body_s(session: Session, tree: dict[str, int]):
    body = organisations.get(session, tree["tro"])
    assert organisations.contact_of(body).reachable is False
    organisations.set_contact(session, tree["tro"], "总机", "023-55550101")
    organisations.set_contact(session, tree["tro"], "审查岗", "023-55550102", step="district_accept")
    contact = organisations.contact_of(body, "district_accept")
    assert (contact.name, contact.reachable, str(contact)) == ("审查岗", True, f"{body.name}023-55550102")
    assert organisations.contact_of(body, "other").name == "总机"


def test_rename_keeps_the_old_name_on_record(session: Session, tree: dict[str, int]):
    organisations.rename(session, tree["school"], "育才中学")
    organisations.rename(session, tree["school"], "育才中学")
    body = organisations.get(session, tree["school"])
    assert (body.name, body.former_names) == ("育才中学", ["school局"])
