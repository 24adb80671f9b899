"""Random block-structured diagrams, drawn from a seed, of every construct a designer may use; the linter accepts them.

An element's id says what it is: the word before its number is a key of `CONSTRUCTS`.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from app.engine.lint import Vocabulary, lint
from tests.engine import play, tiny
from tests.engine.random_called import CALLED, PERSON
from tests.engine.random_events import Events

CONSTRUCTS = {
    "user": "user task", "manual": "manual task", "none": "task of no kind", "desk": "user task in a lane",
    "script": "script task", "rule": "business rule task (DMN)", "xor": "exclusive gateway", "fork": "parallel fork",
    "join": "parallel join", "gate": "event-based gateway", "begin": "timer start event",
    "until": "timer catch event, date", "after": "timer catch event, duration", "hear": "message catch event",
    "tell": "message throw event", "send": "send task", "receive": "receive task", "flash": "signal throw event",
    "see": "signal catch event", "late": "timer boundary event, interrupting",
    "remind": "timer boundary event, non-interrupting", "daily": "cycle boundary event, non-interrupting",
    "stop": "message boundary event, interrupting", "fail": "error end event", "caught": "error boundary event",
    "raise": "escalation throw event", "alarm": "escalation end event", "noted": "escalation boundary event",
    "over": "terminate end event", "trans": "transaction", "cancel": "cancel end event",
    "undone": "cancel boundary event", "sub": "sub-process", "call": "call activity",
    "narrow": "call activity with inputs and outputs", "all": "parallel multi-instance activity",
    "each": "sequential multi-instance activity", "repeat": "standard loop", "round": "drawn loop",
    "keep": "data object written", "take": "data object read",
}  # fmt: skip
KINDS = (
    "user", "user", "user", "manual", "none", "script", "rule", "choice", "fork", "loop", "inside", "call", "narrow",
    "narrow", "late_call", "row", "row", "several", "several", "repeated", "repeated", "kept", "until", "after",
    "after", "told", "waiting", "waiting", "meeting", "meeting", "meeting", "signalled", "cut", "cut", "beside",
    "beside", "daily", "daily", "daily", "daily", "stopped", "stopped", "decided", "failing", "failing",
    "escalating", "escalating", "escalating", "terminating", "terminating", "transaction", "transaction",
)  # fmt: skip
SMALL = ("user", "script", "user", "rule", "manual", "none", "until")
FUNCTIONS = {"days": play.days, "period": play.period, "daily": play.daily}
WORDS = Vocabulary(
    functions=FUNCTIONS,
    forms={"form": frozenset({"choice"})},
    roles=frozenset({"clerk"}),
    lanes={"office": frozenset({"clerk"})},
)


@dataclass(frozen=True)
class Drawn:
    """A bundle whose process is `random`; `counts`: construct → how often it is drawn."""

    files: dict[str, bytes]
    counts: Counter[str]

    def findings(self) -> list[str]:
        """What the linter says, the drawing apart: there is none."""
        undrawn = ("missing_shape", "missing_edge", "no_lane")
        return [f"{each.element} {each.code}" for each in lint(self.files, WORDS) if each.code not in undrawn]


def construct(element: str) -> str | None:
    """What the element with this id is; None where nobody asks (plain starts and ends)."""
    return CONSTRUCTS.get(re.sub(r"\d+$", "", element))


class Draw(Events):
    """One diagram in the making; `elements` and `flows` grow with every block, `first` sets what is read later."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)  # noqa: S311  # reproducible
        self.count, self.elements, self.flows, self.first = 0, "", [], {}
        self.depth, self.repeats = 0, False
        self.lanes = self.luck.random() < 0.3
        self.desks: list[str] = []
        self.definitions: list[str] = []

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def block(self, depth: int) -> tuple[str, str]:
        """The element a token enters and the element it leaves."""
        return getattr(self, self.luck.choice(KINDS if depth > 0 else SMALL))(depth)

    def user(self, _depth: int = 0) -> tuple[str, str]:
        at_desk = self.lanes and not self.depth
        key = self.name("desk" if at_desk else "user")
        if at_desk:
            self.desks.append(key)
        self.elements += tiny.user(key, **PERSON)
        return key, key

    def manual(self, _depth: int) -> tuple[str, str]:
        return self.add(self.name("manual"), '<bpmn:manualTask id="{}"/>')

    def none(self, _depth: int) -> tuple[str, str]:
        return self.add(self.name("none"), '<bpmn:task id="{}"/>')

    def add(self, key: str, template: str) -> tuple[str, str]:
        self.elements += template.format(key)
        return key, key

    def script(self, _depth: int = 0) -> tuple[str, str]:
        key = self.name("script")
        self.elements += tiny.script(key, f"v{key} = k")
        return key, key

    def rule(self, _depth: int) -> tuple[str, str]:
        key = self.name("rule")
        decision = "<spiffworkflow:calledDecisionId>grade</spiffworkflow:calledDecisionId>"
        wrapped = f"<bpmn:extensionElements>{decision}</bpmn:extensionElements>"
        return self.add(key, f'<bpmn:businessRuleTask id="{{}}">{wrapped}</bpmn:businessRuleTask>')

    def row(self, depth: int) -> tuple[str, str]:
        first, second = self.block(depth - 1), self.block(depth - 1)
        self.flows.append(f"{first[1]}>{second[0]}")
        return first[0], second[1]

    def choice(self, depth: int) -> tuple[str, str]:
        opens, closes = self.gateway("xor"), self.gateway("xor")
        ways = self.luck.randint(2, 3)
        for way in range(ways):
            inner = self.block(depth - 1)
            mark = "!" if way == ways - 1 else f"[(k + {way}) % 2 == 0]"
            self.flows.append(f"{opens}>{inner[0]}{mark}; {inner[1]}>{closes}")
        return opens, closes

    def decided(self, depth: int) -> tuple[str, str]:
        """A choice by what the person before it said."""
        asked, said = self.asked()
        opens, closes = self.gateway("xor"), self.gateway("xor")
        one, other = self.block(depth - 1), self.block(depth - 1)
        self.flows.append(
            f"{asked}>{opens}>{one[0]}[{said}]; {opens}>{other[0]}!; {one[1]}>{closes}; {other[1]}>{closes}"
        )
        return asked, closes

    def asked(self) -> tuple[str, str]:
        """A user task, and a condition on what it answered."""
        key, _ = self.user()
        self.first[f"d{key}"] = "0"
        return key, f"d{key} % 2 == 1"

    def fork(self, depth: int) -> tuple[str, str]:
        opens, closes = self.gateway("fork", "parallel"), self.gateway("join", "parallel")
        for _ in range(self.luck.randint(2, 3)):
            inner = self.block(depth - 1)
            self.flows.append(f"{opens}>{inner[0]}; {inner[1]}>{closes}")
        return opens, closes

    def gateway(self, prefix: str, kind: str = "exclusive") -> str:
        return self.add(self.name(prefix), tiny.gateway("{}", kind))[0]

    def loop(self, depth: int) -> tuple[str, str]:
        """The body stands in a sub-process: a fork in a bare loop is refused by the linter."""
        again, more, count = self.gateway("xor"), self.gateway("xor"), self.name("round")
        inner, after = self.inside(depth), self.script()
        self.elements += tiny.script(count, f"x{count} = x{count} + 1")
        self.first[f"x{count}"] = "0"
        rounds = self.luck.randint(2, 4)
        self.flows.append(f"{again}>{inner[0]}; {inner[1]}>{count}>{more}; {more}>{again}[x{count} < {rounds}]")
        self.flows.append(f"{more}>{after[0]}!")
        return again, after[1]

    def inside(self, depth: int) -> tuple[str, str]:
        key, start, end = self.name("sub"), self.name("s"), self.name("e")

        def body() -> None:
            inner = self.block(depth - 1)
            self.elements += tiny.start(start) + tiny.end(end)
            self.flows.append(f"{start}>{inner[0]}; {inner[1]}>{end}")

        return self.scope(key, "", body)

    def scope(self, key: str, before: str, body: Callable[[], None], kind: str = "subProcess") -> tuple[str, str]:
        """A sub-process that holds what `body` draws, after `before`."""
        outer = self.elements, self.flows
        self.elements, self.flows, self.depth = before, [], self.depth + 1
        body()
        drawn = tiny.subprocess(key, self.elements, "; ".join(self.flows), kind)
        (self.elements, self.flows), self.depth = outer, self.depth - 1
        self.elements += drawn
        return key, key

    def call(self, _depth: int = 0) -> tuple[str, str]:
        return self.add(self.name("call"), tiny.call("{0}", "called"))

    def late_call(self, _depth: int) -> tuple[str, str]:
        return self.add(self.name("call"), tiny.call("{0}", "late"))

    def narrow(self, _depth: int) -> tuple[str, str]:
        """What its instance is about would not be seen inside: not where an activity is repeated for many."""
        if self.repeats:
            return self.call()
        return self.add(self.name("narrow"), tiny.call("{0}", "narrow"))

    def several(self, depth: int) -> tuple[str, str]:
        """A repeated activity: user tasks or calls by number, user tasks or sub-processes by the items of a list."""
        sequential = self.luck.random() < 0.5
        key, clear = self.name("each" if sequential else "all"), self.name("script")
        kind = 0 if self.repeats else self.luck.randint(0, 3)
        counted = kind in (0, 2)
        given = "d" if kind == 1 else "j_"  # what each instance brings back: a person's answer, or its item
        inner = (
            "<bpmn:loopCardinality>3</bpmn:loopCardinality>" if counted else
            f"<bpmn:loopDataInputRef>l_{key}</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>o_{key}</bpmn:loopDataOutputRef>"
            f'<bpmn:inputDataItem id="i_{key}" name="i"/><bpmn:outputDataItem id="{given}{key}" name="o"/>'
        )  # fmt: skip
        tag = "multiInstanceLoopCharacteristics"
        repeats = f'<bpmn:{tag} isSequential="{str(sequential).lower()}">{inner}</bpmn:{tag}>'
        self.elements += tiny.script(clear, f"o_{key} = []\nl_{key} = [1, 2, 3]")
        if kind < 2:
            properties = tiny.extensions(PERSON)
            self.add(key, f'<bpmn:userTask id="{{}}">{properties}{repeats}</bpmn:userTask>')
        elif kind == 2:
            self.add(key, f'<bpmn:callActivity id="{{}}" calledElement="called">{repeats}</bpmn:callActivity>')
        else:
            self._several_scopes(key, repeats, depth)
        self.flows.append(f"{clear}>{key}")
        return clear, key

    def _several_scopes(self, key: str, repeats: str, depth: int) -> None:
        start, end, brought = self.name("s"), self.name("e"), self.name("script")

        def body() -> None:
            inner = self.block(depth - 1)
            self.elements += tiny.start(start) + tiny.script(brought, f"j_{key} = i_{key}") + tiny.end(end)
            self.flows.append(f"{start}>{inner[0]}; {inner[1]}>{brought}>{end}")

        self.repeats = True
        self.scope(key, repeats, body)
        self.repeats = False

    def repeated(self, _depth: int) -> tuple[str, str]:
        key = self.name("repeat")
        self.first[f"d{key}"] = "0"
        until = f'<bpmn:loopCondition xsi:type="bpmn:tFormalExpression">d{key} % 3 > 0</bpmn:loopCondition>'
        loop = f'<bpmn:standardLoopCharacteristics loopMaximum="3">{until}</bpmn:standardLoopCharacteristics>'
        properties = tiny.extensions(PERSON)
        return self.add(key, f'<bpmn:userTask id="{{}}">{properties}{loop}</bpmn:userTask>')

    def kept(self, depth: int) -> tuple[str, str]:
        """A value put into a data object, and read from it later."""
        keep, take, value = self.name("keep"), self.name("take"), self.name("object")
        source, target = f"<bpmn:sourceRef>r{value}</bpmn:sourceRef>", f"<bpmn:targetRef>r{value}</bpmn:targetRef>"
        put = f'<bpmn:dataOutputAssociation id="p{value}">{target}</bpmn:dataOutputAssociation>'
        get = f'<bpmn:dataInputAssociation id="g{value}">{source}{target}</bpmn:dataInputAssociation>'
        task = '<bpmn:scriptTask id="{}">{}<bpmn:script>{}</bpmn:script></bpmn:scriptTask>'
        self.elements += f'<bpmn:dataObject id="{value}"/>'
        self.elements += f'<bpmn:dataObjectReference id="r{value}" dataObjectRef="{value}"/>'
        self.elements += task.format(keep, put, f"{value} = [k]") + task.format(take, get, f"t{value} = [{value}]")
        inner = self.block(depth - 1)
        self.flows.append(f"{keep}>{inner[0]}; {inner[1]}>{take}")
        return keep, take


def diagram(seed: int) -> Drawn:
    draw = Draw(seed)
    blocks = [draw.block(3) for _ in range(draw.luck.randint(3, 4))]
    start = ("begin0", tiny.timer("days(1)")) if draw.luck.random() < 0.25 else ("s", "")
    sets = f"k = {draw.luck.randint(0, 5)}\n" + "\n".join(f"{name} = {value}" for name, value in draw.first.items())
    desks = "".join(f"<bpmn:flowNodeRef>{key}</bpmn:flowNodeRef>" for key in draw.desks)
    lanes = f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="office">{desks}</bpmn:lane></bpmn:laneSet>'
    elements = (lanes if desks else "") + tiny.start(*start) + tiny.script("set", sets) + draw.elements + tiny.end()
    ways = [f"{one[1]}>{other[0]}" for one, other in pairwise(blocks)]
    flows = "; ".join([f"{start[0]}>set>{blocks[0][0]}", *ways, f"{blocks[-1][1]}>e", *draw.flows])
    found = {"random": tiny.document(*draw.definitions, tiny.process("random", elements, flows))}
    files = {f"{key}.bpmn": _named(content) for key, content in found.items()}
    ids = re.findall(r'<bpmn:\w+ id="(\w+)"', elements)
    return Drawn(files | CALLED, Counter(filter(None, map(construct, ids))))


def _named(content: bytes) -> bytes:
    """Gateways, their flows and events bear a name, as the linter wants."""
    nodes = rb'<bpmn:(sequenceFlow|exclusiveGateway|intermediateCatchEvent|receiveTask) id="(\w+)"'
    return re.sub(nodes, rb'<bpmn:\1 id="\2" name="\2"', content)
