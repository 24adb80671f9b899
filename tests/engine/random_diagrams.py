"""Random block-structured diagrams, drawn from a seed: users, scripts, timers, choices, forks, loops, calls, events."""

import random

from tests.engine import tiny

CALLED = tiny.document(
    tiny.process(
        "called",
        tiny.start("cs") + tiny.user("one") + tiny.script("two", "z = 1") + tiny.user("three") + tiny.end("ce"),
        "cs>one>two>three>ce",
    )
)  # fmt: skip
KINDS = ("user", "user", "user", "script", "timer", "choice", "fork", "loop", "inside", "call", "cut", "beside", "row")
Block = tuple[str, str]  # the element a token enters, the element it leaves


class Draw:
    """One diagram in the making; `elements` and `flows` grow with every block."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)  # noqa: S311  # reproducible
        self.count, self.elements, self.flows, self.counters = 0, "", [], []

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def block(self, depth: int) -> Block:
        kinds = KINDS if depth else ("user", "script", "user")
        return getattr(self, self.luck.choice(kinds))(depth)

    def user(self, _depth: int) -> Block:
        key = self.name("u")
        self.elements += tiny.user(key)
        return key, key

    def script(self, _depth: int) -> Block:
        key = self.name("t")
        self.elements += tiny.script(key, f"v{key} = 1")
        return key, key

    def timer(self, _depth: int) -> Block:
        key = self.name("w")
        self.elements += tiny.catch(key, tiny.timer(f"days({self.luck.randint(1, 9)})"))
        return key, key

    def row(self, depth: int) -> Block:
        first, second = self.block(depth - 1), self.block(depth - 1)
        self.flows.append(f"{first[1]}>{second[0]}")
        return first[0], second[1]

    def choice(self, depth: int) -> Block:
        return self._split(depth, "exclusive")

    def fork(self, depth: int) -> Block:
        return self._split(depth, "parallel")

    def _split(self, depth: int, kind: str) -> Block:
        opens, closes = self.name("g"), self.name("g")
        self.elements += tiny.gateway(opens, kind) + tiny.gateway(closes, kind)
        ways = self.luck.randint(2, 3)
        for way in range(ways):
            inner = self.block(depth - 1)
            mark = "" if kind == "parallel" else "!" if way == ways - 1 else f"[(k + {way}) % 2 == 0]"
            self.flows.append(f"{opens}>{inner[0]}{mark}; {inner[1]}>{closes}")
        return opens, closes

    def loop(self, depth: int) -> Block:
        """The body stands in a sub-process: a fork in a bare loop is refused by the linter."""
        again, more, count = self.name("g"), self.name("g"), self.name("n")
        inner, after = self.inside(depth), self.script(0)
        self.elements += tiny.gateway(again) + tiny.gateway(more) + tiny.script(count, f"x{count} = x{count} + 1")
        self.counters.append(f"x{count}")
        rounds = self.luck.randint(2, 4)
        self.flows.append(f"{again}>{inner[0]}; {inner[1]}>{count}>{more}; {more}>{again}[x{count} < {rounds}]")
        self.flows.append(f"{more}>{after[0]}!")
        return again, after[1]

    def inside(self, depth: int) -> Block:
        key, start, end = self.name("p"), self.name("s"), self.name("e")
        outer = self.elements, self.flows
        self.elements, self.flows = "", []
        inner = self.block(depth - 1)
        drawn = tiny.start(start) + self.elements + tiny.end(end)
        flows = "; ".join([*self.flows, f"{start}>{inner[0]}; {inner[1]}>{end}"])
        self.elements, self.flows = outer
        self.elements += tiny.subprocess(key, drawn, flows)
        return key, key

    def call(self, _depth: int) -> Block:
        key = self.name("c")
        self.elements += tiny.call(key, "called")
        return key, key

    def cut(self, _depth: int) -> Block:
        return self._boundary(interrupting=True)

    def beside(self, _depth: int) -> Block:
        return self._boundary(interrupting=False)

    def _boundary(self, *, interrupting: bool) -> Block:
        host = self.user(0)[0] if self.luck.random() < 0.5 else self.call(0)[0]
        event, handler = self.name("b"), self.user(0)[0]
        self.elements += tiny.boundary(event, host, tiny.timer(f"days({self.luck.randint(1, 6)})"), interrupting)
        if not interrupting:
            end = self.name("e")
            self.elements += tiny.end(end)
            self.flows.append(f"{event}>{handler}>{end}")
            return host, host
        meet = self.name("g")
        self.elements += tiny.gateway(meet)
        self.flows.append(f"{host}>{meet}; {event}>{handler}>{meet}")
        return host, meet


def diagram(seed: int) -> dict[str, bytes]:
    """A bundle whose process is `random`."""
    draw = Draw(seed)
    first, second = draw.block(3), draw.block(3)
    begin = f"k = {draw.luck.randint(0, 5)}\n" + "\n".join(f"{name} = 0" for name in draw.counters)
    elements = tiny.start() + tiny.script("begin", begin) + draw.elements + tiny.end()
    flows = "; ".join([f"s>begin>{first[0]}", f"{first[1]}>{second[0]}", f"{second[1]}>e", *draw.flows])
    return {"random.bpmn": tiny.document(tiny.process("random", elements, flows)), "called.bpmn": CALLED}
