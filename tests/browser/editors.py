"""The studio's editors in the browser, in the words on them: the diagram editor's board, tables and forms."""

from playwright.sync_api import FloatRect, Locator, Page, expect

from app.domain.drafts import store
from app.models.draft import NoticeDraft
from tests.browser.visitor import Visitor, Website

CLIMB = "diagrams/climb.bpmn"
NAME = "市级主管部门审核"
SCRIPT = 'level = "department"\nlevel_state = "AT_DEPT"\nlevel_role = "dept_admin"'


def open_editor(visitor: Visitor, draft: int, path: str, island: str) -> Locator:
    """The file's page with its editor drawn: studio-board, studio-decision or studio-form."""
    visitor.go(f"/studio/drafts/{draft}/files/{path}")
    found = visitor.page.locator(f"[data-island={island}][data-ready]")
    expect(found).to_be_visible()
    return found


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell of a decision table, both counted from 1."""
    return page.locator(f'td[data-row="{row - 1}"][data-at="{column - 1}"]')


def saved(website: Website, draft: int, path: str) -> str:
    with website.database.reading() as session:
        return store.file(session, session.get_one(NoticeDraft, draft), path).content.decode()


class Board:
    """The editor's page, in the words on it."""

    def __init__(self, visitor: Visitor, draft: int, path: str = CLIMB) -> None:
        self.visitor, self.draft, self.page, self.path = visitor, draft, visitor.page, path
        self.island = visitor.page.locator("[data-island=studio-board]")
        self.panel = self.island.locator(".board-panel")

    def open(self) -> None:
        open_editor(self.visitor, self.draft, self.path, "studio-board")

    def save(self) -> None:
        self.page.get_by_role("button", name="保存", exact=True).click()
        expect(self.island.locator(".board-state")).to_contain_text("已保存")

    def saved(self, website: Website) -> str:
        return saved(website, self.draft, self.path)

    def told(self, words: str) -> None:
        expect(self.island.locator(".board-findings")).to_contain_text(words)

    def follow(self, words: str) -> None:
        """A line of the findings leads to its element."""
        findings = self.island.locator(".board-findings")
        if findings.get_attribute("open") is None:
            findings.locator("summary").click()
        findings.get_by_role("button").filter(has_text=words).first.click()
        expect(self.panel.locator(".board-here")).to_contain_text(words)

    def field(self, label: str) -> Locator:
        return self.panel.get_by_label(label, exact=True)

    def pick(self, label: str, words: str) -> None:
        self.field(label).fill(words)
        self.panel.get_by_role("option").filter(has_text=words).first.click()

    def choose(self, name: str) -> None:
        self.page.get_by_role("button", name="查找").click()
        search = self.page.get_by_label("在图中查找")
        search.fill(name)
        expect(self.page.locator(".djs-search-result").first).to_contain_text(name)
        search.press("Enter")
        expect(self.field("名称")).to_have_value(name)

    def insert_level(self) -> None:
        """A gateway is dropped on the flow behind the department's check, a call drawn behind it and joined again."""
        check, following = self._box("dept_check"), self._box("top_body_on_route")
        x = (check["x"] + check["width"] + following["x"] + following["width"] / 2) / 2
        y = check["y"] + check["height"] / 2
        self.page.locator(".djs-palette").get_by_label("排他网关（判断）").click()
        self._press(x, y)
        self.field("要判断的问题").fill("还须经市级主管部门？")
        self._pad("接调用活动（另一流程）").click()
        self.field("名称").fill(NAME)
        self._pad("连到其他元素").click()
        target = self._box("top_body_on_route")
        self._press(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2)
        self.page.keyboard.press("Escape")
        self.choose(NAME)
        self.pick("被调用的流程", "本级审核")

    def fill_level(self, form: str = "主管部门审核推荐", office: str = "") -> None:
        """`office`: the expression for who handles it; without one, that of the body above is completed."""
        self.pick("层级", "单位主管部门")
        self.pick("表单", form)
        self.pick("办理角色", "单位主管部门")
        self.pick("办理机构", "另写表达式…")
        written = self.field("办理机构的表达式")
        written.fill(office or "上级机构")  # functions are found by their Chinese words too
        if office:
            written.blur()
        else:
            written.press("Enter")
        expect(written).to_have_value(office or "superior_body()")
        self.pick("期限参数", "逐级审核截止")
        expect(self.panel.locator(".board-rule")).to_contain_text("审核时间")
        self.panel.get_by_text("前后脚本", exact=True).click()
        self.field("前置脚本：开始办理之前").fill(SCRIPT)

    def fill_answers(self) -> None:
        self.follow("没有默认出口")
        there, past = (self.panel.locator(".board-answer").filter(has_text=words) for words in (NAME, "驻渝"))
        there.get_by_label("回答").fill("是")
        condition = there.get_by_label("满足此条件时走这里")
        condition.fill("on_route = department")
        expect(there.locator(".board-problems")).to_contain_text("比较相等要写两个等号")
        condition.fill('on_route("单位主管')  # what stands in quotes is offered by its Chinese words
        condition.press("Enter")
        expect(condition).to_have_value('on_route("department")')
        past.get_by_label("回答").fill("否")
        past.get_by_label("默认流").check()

    def walk(self) -> None:
        """The token goes from the start to the first gateway and on."""
        self.page.get_by_role("button", name="走一遍").click()
        self.page.locator(".bts-context-pad:visible").first.click()
        expect(self.page.locator(".bts-notifications")).to_contain_text("单位审核")
        self.visitor.shot("board-walk")
        self.page.get_by_role("button", name="结束模拟").click()

    def overtaken(self, website: Website, other: str) -> None:
        """Another designer saves meanwhile: nothing is overwritten before one has looked and decided."""
        self.field("名称").fill("市级主管部门复核")
        with website.database.transaction() as session:
            draft = session.get_one(NoticeDraft, self.draft)
            revision = store.file(session, draft, self.path).revision
            store.save(session, draft.id, self.path, other, revision=revision, by=draft.created_by)
        with self.visitor.expecting(409):
            self.page.get_by_role("button", name="保存", exact=True).click()
            dialog = self.page.get_by_role("dialog", name="此文件已由他人保存")
            dialog.get_by_role("button", name="查看对方版本").click()
            expect(dialog.locator(".djs-shape").first).to_be_visible()
        dialog.get_by_role("button", name="以我的为准重新保存").click()
        expect(self.island.locator(".board-state")).to_contain_text("已保存")

    def published(self, website: Website) -> None:
        """What is published is shown with all its properties, and cannot be drawn on."""
        with website.database.transaction() as session:
            draft = session.get_one(NoticeDraft, self.draft)
            draft.published_version_id = draft.based_on_version_id
        self.open()
        expect(self.island.locator(".board-state")).to_have_text("只供查看")
        expect(self.page.locator(".djs-palette")).to_have_count(0)
        self.choose("受理")
        expect(self.field("被调用的流程")).to_have_attribute("readonly", "")

    def _pad(self, words: str) -> Locator:
        return self.page.locator(".djs-context-pad").get_by_title(words, exact=True)

    def _box(self, element: str) -> FloatRect:
        drawn = self.page.locator(f'g.djs-element[data-element-id="{element}"] > .djs-visual').first.bounding_box()
        assert drawn is not None
        return drawn

    def _press(self, x: float, y: float) -> None:
        self.page.mouse.move(x - 20, y - 20)
        self.page.mouse.move(x, y, steps=4)
        self.page.mouse.click(x, y)
