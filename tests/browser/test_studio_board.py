"""The diagram editor: a designer puts a second department level into the climb, is told what is missing, mends it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.editors import NAME, Board
from tests.browser.visitor import Visitor, Website


def test_a_second_department_level_is_drawn_checked_saved_and_walked(
    visit: Callable[..., Visitor], website: Website, draft: int
) -> None:
    designer = visit("designer")
    board = Board(designer, draft)
    board.open()
    before = board.saved(website)
    board.told("没有发现问题")

    board.insert_level()
    board.told("没有默认出口")
    board.told("要从这里取 form")
    board.follow("要从这里取 form")
    board.fill_level()
    board.fill_answers()
    board.told("检查：0处错误")
    designer.shot("board-level")
    assert violations(designer.page) == []

    board.save()
    board.open()
    board.choose(NAME)
    expect(board.field("办理角色")).to_have_value("单位主管部门")
    after = board.saved(website)
    lost = [line for line in before.splitlines() if line not in after.splitlines()]
    assert len(lost) < 8, lost  # what was not edited is in the file as it was
    board.walk()

    board.overtaken(website, before)
    assert "市级主管部门复核" in board.saved(website)
    board.published(website)
