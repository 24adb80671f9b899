import pytest

from app.domain import recommenders
from app.errors import Refused


def test_two_different_people_may_recommend() -> None:
    recommenders.check([{"name": "李甲"}, {"name": "李乙"}], "张一")


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("李甲", "李 甲"), ("recommenders.1.name", "李甲填写了两次，须由2名不同的人推荐。")),
        (("张 一", "李甲"), ("recommenders.0.name", "不能由申报人本人推荐，请更换推荐人。")),
    ],
)
def test_the_same_person_twice_and_the_applicant_are_refused(names: tuple[str, str], problem: tuple[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        recommenders.check([{"name": name} for name in names], "张一")

    assert [(each.field, each.message) for each in refused.value.problems] == [problem]
