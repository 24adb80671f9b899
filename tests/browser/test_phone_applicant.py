"""An applicant with a telephone: from the wizard to the submission, his certificate photographed page by page."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app import clock
from app.cli.scenarios import values
from app.cli.scenarios.case import of_dict
from app.domain import attachments, people, permissions
from app.models.attachment import Attachment
from app.models.process import Task
from app.processes import tasks
from tests.browser import serving
from tests.browser.accessibility import violations
from tests.browser.visitor import Visitor, Website
from tests.support.walk import ENGINEER, N2, SCENARIOS

Visit = Callable[..., Visitor]
ACCOUNT, SHOTS, WIDE = "zhang.lin", 3, 4000
# a picture as large as a telephone's camera makes it, that no compression makes small
SHOT = """([width, height, page]) => {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const paper = canvas.getContext('2d');
  for (let i = 0; i < 9000; i += 1) {
    paper.fillStyle = `hsl(${(i * 37) % 360} 80% 50%)`;
    paper.fillRect((i * 97) % width, (i * 61) % height, 70, 70);
  }
  paper.font = '400px sans-serif';
  paper.fillText(`${page}`, 300, 600);
  return canvas.toDataURL('image/jpeg', 0.95).split(',')[1];
}"""
# what a finger presses: no lower than 44 points, itself or the label around it
SMALL = """() => [...document.querySelectorAll(':is(main, dialog) :is(button, .btn, select, input, summary)')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && each.type !== 'file')
  .filter((each) => !each.closest('.visually-hidden, [hidden], .diagram-island'))
  .filter((each) => Math.max(...[each, each.closest('label'), each.closest('.fjs-inline-label, .fjs-form-field')]
    .map((box) => box?.getBoundingClientRect().height ?? 0)) < 43.5)
  .map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    with serving.served(bare_season, tmp_path) as site:
        yield site


def test_from_the_wizard_to_the_submission(visit: Visit, website: Website) -> None:
    applicant = visit(ACCOUNT, phone=True)
    ask_the_wizard(applicant)
    applicant.fill("现从事何专业技术工作", "政务数据平台的设计与开发")
    applicant.saved()
    fill_at_the_desk(website)
    applicant.page.reload()
    applicant.see("已载入上次保存的草稿。")
    fits(applicant, "form")
    photograph_the_certificate(applicant)
    section(applicant, "个人承诺")
    applicant.form().get_by_label("本人已阅读并签订").check()
    fits(applicant, "undertaking")
    bar = applicant.page.locator("[data-decision-bar]")
    expect(bar).to_be_in_viewport()  # the button to submit never scrolls away
    applicant.decide_and_go("提交申报")
    applicant.see("已办理：填写申请书·张林·大数据中级")
    applicant.go("/declarations")
    applicant.see("已提交，待单位审核")
    fits(applicant, "submitted")
    with website.database.reading() as session:
        paper = session.scalars(select(Attachment).where(Attachment.name == "毕业证书拍照.pdf")).one()
        content = attachments.path_of(website.files / "site" / "attachments", paper).read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Subtype /Image") == SHOTS
    assert paper.size < 20 * 1024 * 1024


def ask_the_wizard(applicant: Visitor) -> None:
    applicant.go("/filing")
    fits(applicant, "wizard_notice")
    applicant.page.get_by_role("link", name="选择").last.click()
    for label, value in (
        ("申报职称名称", "engineer"),
        ("申报专业", "big_data"),
        ("申报人员身份", "city_public"),
        ("工作单位所在地", "chongqing"),
        ("档案存放地", "chongqing"),
    ):
        applicant.page.locator("select").and_(applicant.page.get_by_label(label)).select_option(value)
    applicant.click("查看申报途径")
    applicant.page.get_by_label("所在单位").fill("山城数智研究院")
    applicant.page.get_by_label("单位主管部门").fill("市示范产业主管部门")
    applicant.click("更新申报途径")
    applicant.see("程景行")
    fits(applicant, "wizard_route")
    applicant.click("开始填写申请书")
    applicant.form()


def fill_at_the_desk(website: Website) -> None:
    """The long tables he has filled in at a desk the day before; the draft waits for the telephone."""
    said = {"case": "phone", "notice": N2, "clock": "2023-10-09 09:00", "declaration": ENGINEER, "steps": []}
    with website.database.transaction() as session:
        person = people.by_account(session, ACCOUNT)
        assert person is not None
        task = session.scalars(select(Task).where(Task.person_id == person.id, Task.status == "open")).one()
        record = values.Resolver(of_dict(said, SCENARIOS / "phone.yaml")).record(session, ENGINEER, person)
        values.store_shared_records(session, person, record, {})
        session.flush()
        grants = permissions.grants_of(session, person.id, clock.now(session))
        filled = {key: each for key, each in record.items() if key not in ("undertaking", "decision")}
        tasks.save_draft(session, task.id, tasks.Actor(person.id, grants), filled, task.draft_token)


def photograph_the_certificate(applicant: Visitor) -> None:
    """Three shots, the last two the wrong way round; one PDF arrives, smaller than what the camera made."""
    section(applicant, "学历学位情况")
    panel = applicant.edit_row("education")
    fits(applicant, "row")
    panel.get_by_role("button", name="拍照上传").click()
    shots = applicant.page.get_by_role("dialog", name="拍照生成PDF")
    for number in range(1, SHOTS + 1):
        shots.locator("[data-take]").set_input_files(shot(applicant, number))
    expect(shots.locator(".shots li")).to_have_count(SHOTS)
    first = shots.locator(".shots img").nth(1).get_attribute("src")
    shots.get_by_role("button", name="下移第 2 页").click()
    assert shots.locator(".shots img").nth(2).get_attribute("src") == first
    shots.get_by_label("文件名").fill("毕业证书拍照")
    fits(applicant, "shots")
    shots.get_by_role("button", name="生成PDF并上传").click()
    expect(panel.get_by_text("3 页已生成一份PDF")).to_be_visible(timeout=30_000)
    expect(panel.get_by_role("link", name="毕业证书拍照.pdf")).to_be_visible(timeout=30_000)
    fits(applicant, "photographed")
    applicant.save_row()
    applicant.saved()


def shot(applicant: Visitor, number: int) -> Path:
    """One picture of the camera: of the first page lying, of the others standing."""
    size = (WIDE, WIDE * 3 // 4) if number == 1 else (WIDE * 3 // 4, WIDE)
    path = applicant.website.files / f"shot{number}.jpg"
    path.write_bytes(base64.b64decode(applicant.page.evaluate(SHOT, [*size, number])))
    return path


def section(applicant: Visitor, name: str) -> None:
    """The part of the form of that name, by the choice that a telephone shows."""
    parts = applicant.page.get_by_label("转到")
    parts.select_option(parts.locator("option", has_text=name).get_attribute("value"))


def fits(applicant: Visitor, name: str) -> None:
    """Nothing beside the screen, nothing too small for a finger, nothing that axe minds."""
    assert applicant.page.evaluate("document.documentElement.scrollWidth") == applicant.page.viewport_size["width"]
    small = applicant.page.evaluate(SMALL)
    assert not small, f"{name}: " + "\n".join(small)
    found = violations(applicant.page)
    assert not found, f"{name}: " + "\n".join(found)
    applicant.shot(f"60_phone_{name}")
