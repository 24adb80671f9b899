"""Bodies from a file: each row finds its body by key, credit code or a name it bears or bore, or founds one."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.domain import identity, organisations
from app.domain.intake.register import Register
from app.domain.intake.sheets import Column, Entry, Faults, Plan, Row, lost_digits
from app.domain.restructuring import record
from app.models.people import Organisation

COLUMNS = (
    Column("name", "名称", ("机构名称", "单位名称"), True, "示例职业学院"),
    Column("kind", "类别", ("机构类别",), True, "事业单位"),
    Column("key", "代号", ("机构代号",), False, "example_college"),
    Column("credit_code", "统一社会信用代码", ("信用代码",)),
    Column("parent", "上级机构", ("上级", "主管部门"), False, "上级的代号、信用代码或名称"),
    Column("district", "所属区县", ("区县",)),
    Column("contact_name", "联系人"),
    Column("contact_phone", "联系电话", ("电话",), False, "023-67890000"),
    Column("registered", "已注册", ("注册",), False, "是"),
)
KINDS = {label: key for key, label in organisations.KINDS.items()} | {key: key for key in organisations.KINDS}
YES, NO = ("是", "已注册", "yes", "1"), ("否", "未注册", "no", "0")
LIMITS = {"name": 200, "key": 80, "district": 40, "contact_name": 80}
UNSAID = object()
Node = tuple[str, int]  # ("body", id) or ("row", place in the file)


@dataclass
class Item:
    """One row with the body it means, if there is one, and what it says of it."""

    row: Row
    node: Node
    body: Organisation | None = None
    said: dict[str, Any] = field(default_factory=dict)
    parent: Any = UNSAID  # a node, or None: no superior

    @property
    def line(self) -> int:
        return int(self.row["line"])

    @property
    def name(self) -> str:
        return str(self.said.get("name") or (self.body.name if self.body else self.row["name"]))


class Intake:
    """The file against the register: `items` in the file's order, and `faults`."""

    def __init__(self, session: Session, read: Iterable[Row]) -> None:
        self.register, self.faults = Register(session), Faults(COLUMNS)
        given = [dict(row) for row in read]
        lost_digits(self.faults, given)
        self.items = [Item(row, ("row", place)) for place, row in enumerate(given)]
        for item in self.items:
            self._read(item)
        self._refuse_repeated()
        self.nodes = {item.node: item for item in self.items}
        self._find_parents()
        self._refuse_circles()
        self._refuse_namesakes()

    def plan(self) -> Plan:
        entries = [Entry(item.line, item.name, self._outcome(item), self.words(item)) for item in self.items]
        return Plan(entries, self.faults.sorted())

    def parent_of(self, node: Node) -> Node | None:
        """The superior once the file is applied."""
        item = self.nodes.get(node)
        if item is not None and item.parent is not UNSAID:
            return item.parent
        body = self.register.bodies[node[1]] if node[0] == "body" else None
        return None if body is None or body.parent_id is None else ("body", body.parent_id)

    def differences(self, item: Item) -> dict[str, tuple[Any, Any]]:
        """Field → before and after, of what the row alters."""
        before = {key: getattr(item.body, key) if item.body else None for key in item.said}
        found = {key: (before[key], value) for key, value in item.said.items() if (before[key] or None) != value}
        above: Node | None = None
        if item.body is not None and item.body.parent_id is not None:
            above = ("body", item.body.parent_id)
        return found if item.parent in (UNSAID, above) else found | {"parent": (above, item.parent)}

    def words(self, item: Item) -> tuple[tuple[str, str, str], ...]:
        pairs = self.differences(item).items()
        return tuple((record.FIELDS[key], self._word(key, old), self._word(key, new)) for key, (old, new) in pairs)

    def _outcome(self, item: Item) -> str:
        if item.body is None:
            return "created"
        return "changed" if self.differences(item) else "unchanged"

    def _read(self, item: Item) -> None:
        row, line, faults = item.row, item.line, self.faults
        for name, most in LIMITS.items():
            if len(row[name]) > most:
                faults.add(line, name, f"不能超过{most}个字。")
        code = faults.checked(line, "credit_code", row["credit_code"], identity.check_credit_code)
        phone = faults.checked(line, "contact_phone", row["contact_phone"], identity.check_phone)
        kind = KINDS.get(row["kind"], "")
        if row["kind"] and not kind:
            faults.add(line, "kind", f"没有“{row['kind']}”这一机构类别。")
        said = row["registered"].lower()
        if said and said not in (*YES, *NO):
            faults.add(line, "registered", "请填写“是”或“否”。")
        item.body = self._body(item, code)
        if item.body is not None:
            item.node = ("body", item.body.id)
        given = {"name": row["name"], "kind": kind, "credit_code": code, "district": row["district"]}
        given |= {"contact_name": row["contact_name"], "contact_phone": phone}
        item.said = {key: value for key, value in given.items() if value}
        if said:
            item.said["registered"] = (said in YES) or None
        if item.body is None:
            self._require_new(item)
        elif item.said.get("name") in item.body.former_names:
            del item.said["name"]  # the file is older than the present name

    def _body(self, item: Item, code: str) -> Organisation | None:
        """The body that the row means; None where it founds one."""
        row, register = item.row, self.register
        by_key, by_code = register.by_key.get(row["key"]), register.by_code.get(code)
        if by_key is not None and by_code is not None and by_key.id != by_code.id:
            message = f"代号属于“{by_key.name}”，统一社会信用代码属于“{by_code.name}”，请核对。"
            self.faults.add(item.line, "key", message)
        found = by_key or by_code
        if found is not None and found.merged_into_id is not None:
            self.faults.add(item.line, "name", f"“{found.name}”已并入“{register.today(found).name}”，请删去本行。")
            return None
        if found is not None or row["key"]:
            return found
        return self._by_name(item, code)

    def _by_name(self, item: Item, code: str) -> Organisation | None:
        words = item.row["name"]
        found = self.register.named.get(words) or self.register.once_named.get(words) or []
        found = [body for body in found if not code or body.credit_code in (None, code)]
        superiors = {body.id for body in self.register.called(item.row["parent"])} if item.row["parent"] else set()
        if len(found) > 1 and superiors:
            found = [body for body in found if body.parent_id in superiors]
        if len({body.id for body in found}) > 1:
            self.faults.add(item.line, "name", f"有{len(found)}个名为“{words}”的机构，请填写代号或统一社会信用代码。")
        return found[0] if found else None

    def _require_new(self, item: Item) -> None:
        if not item.row["name"]:
            self.faults.add(item.line, "name", "请填写名称。")
        if not item.row["kind"]:
            self.faults.add(item.line, "kind", "请填写类别。")
        if not item.row["key"] and not item.row["credit_code"]:
            self.faults.add(item.line, "key", "新增的机构须填写代号或统一社会信用代码。")

    def _refuse_repeated(self) -> None:
        first: dict[tuple[str, Any], int] = {}
        for item in self.items:
            named = {"key": item.row["key"], "credit_code": item.said.get("credit_code")}
            told = [(name, value) for name, value in named.items() if value]
            if item.body is not None:
                told.append(("name", item.body.id))
            for name, value in told:
                known = first.setdefault((name, value), item.line)
                if known != item.line:
                    self.faults.repeated(item.line, name, known)
                    break

    def _find_parents(self) -> None:
        called: dict[str, list[Node]] = defaultdict(list)
        for item in self.items:
            for words in {item.row["key"], item.said.get("credit_code", ""), item.row["name"]} - {""}:
                called[words].append(item.node)
        for item in self.items:
            words = item.row["parent"]
            if not words:
                if item.body is None:
                    item.parent = None
                continue
            known: list[Node] = [("body", body.id) for body in self.register.called(words)]
            found = list(dict.fromkeys(known or called.get(words) or called.get(words.upper()) or []))
            if len(found) == 1:
                item.parent = found[0]
            elif found:
                many = f"有{len(found)}个名为“{words}”的机构，请填写上级的代号或信用代码。"
                self.faults.add(item.line, "parent", many)
            else:
                self.faults.add(item.line, "parent", f"没有找到上级机构“{words}”。")

    def _refuse_circles(self) -> None:
        for item in self.items:
            if item.parent is UNSAID:
                continue
            above, passed = item.parent, set()
            while above is not None and above not in passed and above != item.node:
                passed.add(above)
                above = self.parent_of(above)
            if above == item.node:
                self.faults.add(item.line, "parent", "上级机构是它自己或它的下级。")

    def _refuse_namesakes(self) -> None:
        living = {("body", body.id): body.name for body in self.register.bodies.values() if body.merged_into_id is None}
        names = {**living, **{item.node: item.name for item in self.items}}
        beside = Counter((self.parent_of(node), name) for node, name in names.items())
        for item in self.items:
            touched = item.body is None or {"name", "parent"} & set(self.differences(item))
            if touched and item.name and beside[self.parent_of(item.node), item.name] > 1:
                self.faults.add(item.line, "name", f"同一上级之下已有名为“{item.name}”的机构。")

    def _word(self, key: str, value: Any) -> str:
        if key == "kind":
            return organisations.KINDS.get(value, "")
        if key == "registered":
            return "已注册" if value else "未注册"
        if key == "parent":
            return self._called(value)
        return str(value or "")

    def _called(self, node: Node | None) -> str:
        if node is None:
            return ""
        return self.nodes[node].name if node in self.nodes else self.register.bodies[node[1]].name
