"""Accounts with their posts from a file: one row a post; an account is found by its name or its identity number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import identity, people, posts
from app.domain.intake.register import Register
from app.domain.intake.sheets import Column, Entry, Faults, Plan, Row, lost_digits
from app.domain.wording import moment_words
from app.models.declaration import Declaration
from app.models.people import IDENTITY_COLUMN, Person, RoleGrant
from app.models.types import blind

COLUMNS = (
    Column("account", "账号", ("登录账号",), True, "zhang.san"),
    Column("name", "姓名", (), True, "张三"),
    Column("identity", "身份证号", ("身份证号码", "证件号码")),
    Column("mobile", "手机号码", ("手机号", "移动电话号码"), False, "13800000000"),
    Column("body", "机构", ("任职机构", "单位"), False, "机构的代号、信用代码或名称"),
    Column("role", "岗位", ("职务",), False, "单位职称管理员"),
    Column("until", "任职截止日期", ("任职截止",), False, "2028-12-31"),
)
LIMITS = {"account": 80, "name": 80}
ROLES = {words: role for role, words in people.ROLES.items()} | {role: role for role in people.ROLES}
MORE_ROLES = {"职称管理员": "unit_clerk", "主管部门管理员": "dept_admin"}
WORDS = {"name": "姓名", "identity_number": "身份证号", "mobile": "手机号码"}
Place = tuple[str, int | None]  # role and body


@dataclass
class Item:
    """One row: its person, known or new, and the post it names."""

    row: Row
    account: str
    person: Person | None = None
    said: dict[str, str] = field(default_factory=dict)
    place: Place | None = None
    body: str = ""
    until: datetime | None = None
    held: RoleGrant | None = None

    @property
    def line(self) -> int:
        return int(self.row["line"])

    @property
    def post(self) -> str:
        return f"{self.body} {people.ROLES[self.place[0]]}".strip() if self.place else ""


class Intake:
    """The file against accounts and posts: `items` in the file's order, and `faults`."""

    def __init__(self, session: Session, read: Iterable[Row], by: int | None = None) -> None:
        self.faults, self.now = Faults(COLUMNS), clock.now(session)
        given = [dict(row) for row in read]
        lost_digits(self.faults, given)
        self.items = [Item(row, row["account"].strip().lower()) for row in given]
        today = clock.local(self.now).date()
        for item in self.items:
            self._read(item, today)
        register = Register(session)
        self._find_persons(session)
        self._find_posts(session, register)
        self._refuse_repeated()
        self._refuse_apart(by)
        self._refuse_own_routes(session, register)

    def plan(self) -> Plan:
        first: set[str] = set()
        entries = []
        for item in self.items:
            entries.append(self._entry(item, item.account not in first))
            first.add(item.account)
        return Plan(entries, self.faults.sorted())

    def altered(self, item: Item) -> dict[str, tuple[str, str]]:
        """Field of a known person → before and after."""
        before = {key: getattr(item.person, key, None) or "" for key in item.said}
        return {key: (before[key], value) for key, value in item.said.items() if before[key] != value}

    def _entry(self, item: Item, first: bool) -> Entry:
        altered = self.altered(item) if first else {}
        changes = [(WORDS[key], _shown(key, old), _shown(key, new)) for key, (old, new) in altered.items()]
        if item.place is not None and item.held is None:
            term = f"至{moment_words(item.until)}" if item.until else "长期"
            changes.append(("任职", "", f"{item.post}（{term}）"))
        elif item.held is not None and item.until is not None and item.held.to_at != item.until:
            before = moment_words(item.held.to_at) if item.held.to_at else "长期"
            changes.append((f"{item.post}任期", before, f"至{moment_words(item.until)}"))
        outcome = "created" if item.person is None and first else "changed" if changes else "unchanged"
        return Entry(item.line, f"{item.row['name']}（{item.account}）", outcome, tuple(changes))

    def _read(self, item: Item, today: date) -> None:
        row, line, faults = item.row, item.line, self.faults
        for name, words in (("account", "账号"), ("name", "姓名")):
            if not row[name]:
                faults.add(line, name, f"请填写{words}。")
            if len(row[name]) > LIMITS[name]:
                faults.add(line, name, f"不能超过{LIMITS[name]}个字。")
        number = faults.checked(line, "identity", row["identity"], lambda said: identity.check_resident_id(said, today))
        mobile = faults.checked(line, "mobile", row["mobile"], identity.check_mobile)
        said = {"name": row["name"], "identity_number": number, "mobile": mobile}
        item.said = {key: value for key, value in said.items() if value}
        role = MORE_ROLES.get(row["role"]) or ROLES.get(row["role"], "")
        if row["role"] and not role:
            faults.add(line, "role", f"没有“{row['role']}”这一岗位。")
        elif role and role not in posts.GRANTABLE:
            faults.add(line, "role", f"“{people.ROLES[role]}”由系统按申报、入库和会议席位确定，不能在此授予。")
        elif role:
            item.place = (role, None)
        if row["until"]:
            item.until = self._last_day(line, row["until"], today)

    def _last_day(self, line: int, said: str, today: date) -> datetime | None:
        """The first instant after the last day of the term."""
        compact = said.replace("/", "-").replace(".", "-")
        try:
            last = date.fromisoformat("-".join(part.zfill(2) for part in compact.split("-")))
        except ValueError:
            self.faults.add(line, "until", "日期应为2028-12-31的样式。")
            return None
        if last < today:
            self.faults.add(line, "until", "任职截止日期不能早于今天。")
        return datetime.combine(last + timedelta(days=1), time(), clock.SHANGHAI)

    def _find_persons(self, session: Session) -> None:
        blinds = {number: blind(IDENTITY_COLUMN, number) for item in self.items if (number := _number(item))}
        accounts = {item.account for item in self.items}
        wanted = or_(Person.account.in_(accounts), Person.identity_blind.in_(blinds.values()))
        found = list(session.scalars(select(Person).where(wanted)))
        by_account = {person.account: person for person in found}
        by_number = {person.identity_blind: person for person in found if person.identity_blind}
        for item in self.items:
            item.person, number = by_account.get(item.account), blinds.get(_number(item), "")
            owner = by_number.get(number)
            if owner is not None and owner is not item.person:
                self.faults.add(item.line, "identity", f"该身份证号已由账号“{owner.account}”使用。")
            elif number and item.person is not None and item.person.identity_blind not in (None, number):
                self.faults.add(item.line, "identity", f"与账号“{item.account}”已登记的身份证号不同，请核对。")
            if item.person is not None and item.person.disabled_at is not None:
                self.faults.add(item.line, "account", "该账号已停用，请先启用账号。")

    def _find_posts(self, session: Session, register: Register) -> None:
        for item in self.items:
            self._find_body(item, register)
        accounts = {item.person.id: item.account for item in self.items if item.person is not None}
        running = or_(RoleGrant.to_at.is_(None), RoleGrant.to_at > self.now) & RoleGrant.revoked_at.is_(None)
        wanted = select(RoleGrant).where(RoleGrant.person_id.in_(accounts), running).order_by(RoleGrant.id.desc())
        held = {(row.person_id, row.role, row.organisation_id): row for row in session.scalars(wanted)}
        self.roles: dict[str, set[str]] = defaultdict(set)  # account → what it holds or would hold
        for person_id, role, _ in held:
            self.roles[accounts[person_id]].add(role)
        for item in self.items:
            if item.place is not None:
                self.roles[item.account].add(item.place[0])
                item.held = held.get((item.person.id, *item.place)) if item.person is not None else None

    def _find_body(self, item: Item, register: Register) -> None:
        words, line = item.row["body"], item.line
        found = register.called(words) if words else []
        if words and len(found) != 1:
            said = (
                f"有{len(found)}个名为“{words}”的机构，请填写代号或信用代码。" if found else f"没有找到机构“{words}”。"
            )
            self.faults.add(line, "body", said)
        if item.place is None:
            if words and not item.row["role"]:
                self.faults.add(line, "role", "请填写岗位。")
            return
        role, product = item.place[0], item.place[0] in people.PRODUCT_ROLES
        if product and words:
            self.faults.add(line, "body", f"“{people.ROLES[role]}”不在机构中任职，机构请留空。")
        elif not product and not words:
            self.faults.add(line, "body", f"“{people.ROLES[role]}”须在机构中任职，请填写机构。")
        if len(found) == 1 and not product:
            item.place, item.body = (role, found[0].id), found[0].name

    def _refuse_repeated(self) -> None:
        lines: dict[tuple[str, Place | None], int] = {}
        told: dict[tuple[str, str], tuple[str, int]] = {}
        owners: dict[str, Item] = {}
        for item in self.items:
            known = lines.setdefault((item.account, item.place), item.line)
            if known != item.line:
                self.faults.repeated(item.line, "account", known)
            for key, value in item.said.items():
                before, line = told.setdefault((item.account, key), (value, item.line))
                if before != value:
                    self.faults.add(item.line, _column(key), f"与第{line}行同一账号所填的不同。")
            owner = owners.setdefault(_number(item), item) if _number(item) else item
            if owner.account != item.account:
                self.faults.repeated(item.line, "identity", owner.line)

    def _refuse_apart(self, by: int | None) -> None:
        for item in self._fresh():
            role = item.place[0] if item.place else ""
            others = {other for pair in posts.APART if role in pair for other in pair - {role}}
            held = sorted(others & self.roles[item.account])
            if held:
                words = f"{people.ROLES[held[0]]}与{people.ROLES[role]}不能由同一人担任：抽取须由他人监督。"
                self.faults.add(item.line, "role", words)
            if item.person is not None and item.person.id == by:
                self.faults.add(item.line, "role", "不能给自己授予任职，请由其他系统管理员办理。")

    def _refuse_own_routes(self, session: Session, register: Register) -> None:
        """R-106, for all rows in one statement."""
        keepers = [item for item in self._fresh() if item.place and item.place[0] in people.ADMINISTRATOR_ROLES]
        persons = [item.person.id for item in keepers if item.person is not None]
        live = select(Declaration.person_id, Declaration.route).where(
            Declaration.person_id.in_(persons), Declaration.ended_as.is_(None)
        )
        on_route: dict[int, set[int]] = defaultdict(set)
        for person_id, route in session.execute(live):
            bodies = (register.bodies.get(body) for body in (route.get("bodies") or {}).values())
            on_route[person_id] |= {register.today(body).id for body in bodies if body is not None}
        for item in keepers:
            if item.person is not None and item.place and item.place[1] in on_route[item.person.id]:
                words = f"“{item.body}”须审核推荐其本人正在办理的申请书，不能担任其职称管理员。"
                self.faults.add(item.line, "role", words)

    def _fresh(self) -> list[Item]:
        """The rows whose post is to be granted."""
        return [item for item in self.items if item.place is not None and item.held is None]


def _number(item: Item) -> str:
    return item.said.get("identity_number", "")


def _column(key: str) -> str:
    return "identity" if key == "identity_number" else key


def _shown(key: str, value: str) -> str:
    """Numbers of persons stand masked in lists."""
    masks = {"identity_number": identity.mask_identity, "mobile": identity.mask_phone}
    return masks[key](value) if key in masks else value
