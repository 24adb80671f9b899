"""The menus by role (ui_terms §2); an entry whose page is not installed is not shown."""

from dataclasses import dataclass

from flask import Flask, url_for

from app.domain.people import ADMINISTRATOR_ROLES
from app.domain.permissions import Grants

OFFICES = ("unit_clerk", "unit_head", "agency", "dept_admin", "local_top_body", "entrusting_unit")
REVIEW = ("committee_office", "chair", "deputy_chair", "minutes_clerk", "teller_supervise", "teller_count")
MANAGERS = ("manager", "system_admin")


@dataclass(frozen=True)
class Entry:
    """`roles` empty: for everybody; `personal`: only while acting as oneself."""

    label: str
    endpoint: str
    roles: tuple[str, ...] = ()
    personal: bool = False


MENUS = (
    Entry("我的申请书", "declarations.mine", personal=True),
    Entry("新增申报", "filing.new", personal=True),
    Entry("我的业绩库", "achievements.mine", personal=True),
    Entry("我的证书", "certificates.mine", personal=True),
    Entry("复查申请", "rechecks.new", personal=True),
    Entry("注册单位", "bindings.new", personal=True),
    Entry("职称评审专家申报", "expert_applications.index", personal=True),
    Entry("待办", "tasks.inbox"),
    Entry("已办", "tasks.done"),
    Entry("期限日历", "agenda.index"),
    Entry("抄送我的", "tasks.copies"),
    Entry("评审季看板", "season.show", MANAGERS),
    Entry("办理监控", "instances.index", MANAGERS),
    Entry("流程统计", "definitions.index", MANAGERS),
    Entry("单位推荐", "recommendation.index", ("unit_clerk", "unit_head", "agency")),
    Entry("委托评审函", "entrustments.index", ("entrusting_unit", "local_top_body")),
    Entry("单位公示", "publicity.unit"),
    Entry("受理登记", "registers.acceptance", ("committee_office", "district_tro")),
    Entry(
        "告知书登记",
        "registers.papers",
        ("committee_office", "district_tro", "unit_clerk", "agency", "dept_admin", "local_top_body"),
    ),
    Entry("评审缴费", "payments.index", ("finance", "committee_office")),
    Entry("评审专家征选", "solicitations.index", ("committee_office", "municipal_tro", *MANAGERS)),
    Entry("评审专家库", "pools.index", ("committee_office", "municipal_tro", *MANAGERS)),
    Entry("评委会核准备案", "review_committees.index", ("committee_office", "municipal_tro", *MANAGERS)),
    Entry("专家抽取", "draws.index", ("draw_operator", "discipline", "committee_office")),
    Entry("评审会议", "sessions.index", REVIEW),
    Entry("评审结果", "result_desk.index", ("committee_office", "municipal_tro", "district_tro")),
    Entry("评审结果公示", "results.index"),
    Entry("复查申请", "rechecks.new", ("municipal_tro", "district_tro")),
    Entry("投诉举报", "complaint_desk.index", ("discipline", "municipal_tro", "committee_office")),
    Entry("职称评审诚信档案", "integrity.index", ("municipal_tro", *MANAGERS)),
    Entry("抽查巡查", "inspections.index", ("inspector", "patrol")),
    Entry("申报通知", "notices.index"),
    Entry("评审工作日程安排", "notices.schedule"),
    Entry("评审季看板", "season.show", ("committee_office", "municipal_tro", "district_tro")),
    Entry("办理监控", "instances.index", ("committee_office",)),
    Entry("流程统计", "definitions.index", ("committee_office",)),
    Entry("处分与影响期", "sanctions.index", ("municipal_tro", *MANAGERS)),
    Entry("通知与流程设计", "studio.index", ("process_designer", "system_admin")),
    Entry("工作日历", "calendars.index", ("system_admin",)),
    Entry("期限提前核准", "shortenings.index", ("manager",)),
    Entry("补充通知", "supplements.new", ("system_admin",)),
    Entry("机构联系方式", "contacts.own", tuple(sorted(ADMINISTRATOR_ROLES))),
    Entry("通知模板", "wordings.index", ("system_admin",)),
    Entry("消息发送", "outbox.index", ("system_admin",)),
    Entry("机构与账号", "administration.index", ("system_admin",)),
    Entry("岗位与权限", "roles.index", ("system_admin",)),
    Entry("字典", "dictionaries.index", ("system_admin",)),
    Entry("运行状况", "health.page", ("system_admin",)),
    Entry("登录记录", "logins.log", ("system_admin",)),
)


def menus_for(app: Flask, grants: Grants) -> list[tuple[str, str]]:
    """(label, address) of what this identity finds in its menu."""
    found = [(entry.label, url_for(entry.endpoint)) for entry in entries_for(app, grants)]
    return list(dict.fromkeys(found))  # the boards come first for managers, late for offices


def entries_for(app: Flask, grants: Grants) -> list[Entry]:
    """The same with the roles that each is for."""
    return [entry for entry in MENUS if _shown(app, entry, grants)]


def endpoint_exists(app: Flask, endpoint: str) -> bool:
    return endpoint in app.view_functions


def _shown(app: Flask, entry: Entry, grants: Grants) -> bool:
    if entry.personal and not grants.personal:
        return False
    return (not entry.roles or bool(grants.roles & set(entry.roles))) and endpoint_exists(app, entry.endpoint)
