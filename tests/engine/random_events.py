"""The blocks of random diagrams in which something happens: messages, signals, timers, errors, boundaries."""

from collections.abc import Callable
from random import Random

from tests.engine import tiny

INSIDE = "x_"  # messages that are sent and caught within one instance begin so
CANCEL, TERMINATE = "<bpmn:cancelEventDefinition/>", "<bpmn:terminateEventDefinition/>"
Block = tuple[str, str]


class Events:
    """Each method draws one block and returns the element a token enters and the one it leaves."""

    luck: Random
    elements: str
    flows: list[str]
    repeats: bool
    definitions: list[str]
    name: Callable[[str], str]
    block: Callable[[int], Block]
    user: Callable[..., Block]
    script: Callable[..., Block]
    asked: Callable[[], Block]
    call: Callable[..., Block]
    inside: Callable[..., Block]
    several: Callable[..., Block]
    gateway: Callable[..., str]
    scope: Callable[..., Block]

    def until(self, _depth: int) -> Block:
        return self._catch("until", tiny.timer(f"days({self.luck.randint(1, 9)})"))

    def after(self, _depth: int) -> Block:
        return self._catch("after", tiny.duration(f"period({self.luck.randint(1, 9)})"))

    def _catch(self, prefix: str, inner: str) -> Block:
        key = self.name(prefix)
        self.elements += tiny.catch(key, inner)
        return key, key

    def _message(self, within: bool = False) -> str:
        name = self.name(INSIDE if within else "m_")
        self.definitions.append(tiny.messages(name))
        return name

    def told(self, _depth: int) -> Block:
        """A message from outside, caught or received."""
        if self.luck.random() < 0.5:
            return self._catch("hear", tiny.message(self._message(), self.name("said")))
        return self._receive(self._message())

    def waiting(self, depth: int) -> Block:
        """Whichever comes first, a message caught, one received, or a deadline."""
        gate, meet = self.gateway("gate", "eventBased"), self.gateway("xor")
        timed, _ = self.until(depth)
        for way in (timed, self._catch("hear", tiny.message(self._message()))[0], self._receive(self._message())[0]):
            after = self.block(depth - 1)
            self.flows.append(f"{gate}>{way}>{after[0]}; {after[1]}>{meet}")
        return gate, meet

    def _receive(self, message: str) -> Block:
        key = self.name("receive")
        self.elements += f'<bpmn:receiveTask id="{key}" messageRef="{message}"/>'
        return key, key

    def meeting(self, depth: int) -> Block:
        """One branch waits for the message of the other."""
        if self.repeats:  # the first to send would be heard by all instances
            return self.user()
        message = self._message(within=True)
        caught = self._receive(message) if self.luck.random() < 0.5 else self._catch("hear", tiny.message(message))
        if self.luck.random() < 0.5:
            sent = self.name("send")
            self.elements += f'<bpmn:sendTask id="{sent}" messageRef="{message}"/>'
        else:
            sent = self._throw("tell", tiny.message(message))
        return self._two_branches(depth, caught, sent)

    def signalled(self, depth: int) -> Block:
        if self.repeats:
            return self.user()
        name = self.name("f_")
        self.definitions.append(f'<bpmn:signal id="{name}" name="{name}"/>')
        signal = f'<bpmn:signalEventDefinition signalRef="{name}"/>'
        return self._two_branches(depth, self._catch("see", signal), self._throw("flash", signal))

    def _throw(self, prefix: str, inner: str) -> str:
        key = self.name(prefix)
        self.elements += f'<bpmn:intermediateThrowEvent id="{key}">{inner}</bpmn:intermediateThrowEvent>'
        return key

    def _two_branches(self, depth: int, caught: Block, sent: str) -> Block:
        opens, closes = self.gateway("fork", "parallel"), self.gateway("join", "parallel")
        before, after = self.user(), self.block(depth - 1)
        self.flows.append(f"{opens}>{caught[0]}>{after[0]}; {after[1]}>{closes}; {opens}>{before[0]}>{sent}>{closes}")
        return opens, closes

    def cut(self, depth: int) -> Block:
        return self._interrupted(self._host(depth), "late", tiny.timer(f"days({self.luck.randint(1, 6)})"))

    def stopped(self, depth: int) -> Block:
        return self._interrupted(self._host(depth), "stop", tiny.message(self._message()))

    def beside(self, depth: int) -> Block:
        return self._accompanied(self._host(depth), "remind", tiny.timer(f"days({self.luck.randint(1, 6)})"))

    def daily(self, depth: int) -> Block:
        return self._accompanied(self._host(depth), "daily", tiny.cycle(f"daily({self.luck.randint(1, 2)})"))

    def _host(self, depth: int) -> Block:
        kinds: list[Callable[..., Block]] = [self.user, self.call, self.inside, self.several]
        return self.luck.choice(kinds)(depth)

    def _interrupted(self, host: Block, prefix: str, inner: str) -> Block:
        """`host` leaves at the activity that bears the event."""
        event, handler, meet = self.name(prefix), self.user()[0], self.gateway("xor")
        self.elements += tiny.boundary(event, host[1], inner)
        self.flows.append(f"{host[1]}>{meet}; {event}>{handler}>{meet}")
        return host[0], meet

    def _accompanied(self, host: Block, prefix: str, inner: str) -> Block:
        kinds: list[Callable[..., Block]] = [self.script]
        if prefix != "daily":  # people there are refused (`repeating_task`), and timers lose data in the library
            kinds += [self.user, self.until]
        event, handler, end = self.name(prefix), self.luck.choice(kinds)(0)[0], self.name("e")
        self.elements += tiny.boundary(event, host[1], inner, interrupting=False) + tiny.end(end)
        self.flows.append(f"{event}>{handler}>{end}")
        return host

    def failing(self, depth: int) -> Block:
        error = self._coded("error")
        return self._interrupted(self._perhaps("sub", "fail", error, depth), "caught", error)

    def _coded(self, kind: str) -> str:
        """An error or escalation with a code of its own: one that is thrown is caught by all who wait for its code."""
        code = self.name("code")
        self.definitions.append(f'<bpmn:{kind} id="{code}" name="{code}" {kind}Code="{code}"/>')
        return f'<bpmn:{kind}EventDefinition {kind}Ref="{code}"/>'

    def transaction(self, depth: int) -> Block:
        host = self._perhaps("trans", "cancel", CANCEL, depth, "transaction")
        return self._interrupted(host, "undone", CANCEL)

    def _perhaps(self, prefix: str, ending: str, inner: str, depth: int, kind: str = "subProcess") -> Block:
        """A scope that a person may leave by a special end."""
        key, start, end, special = self.name(prefix), self.name("s"), self.name("e"), self.name(ending)

        def body() -> None:
            (asked, said), which, other = self.asked(), self.gateway("xor"), self.block(depth - 1)
            self.elements += tiny.start(start) + tiny.end(end) + tiny.end(special, inner)
            self.flows.append(f"{start}>{asked}>{which}>{special}[{said}]; {which}>{other[0]}!; {other[1]}>{end}")

        return self.scope(key, "", body, kind)

    def escalating(self, depth: int) -> Block:
        """A call for attention from within, at the end or on the way; it interrupts or not."""
        if self.repeats:  # as with messages
            return self.user()
        escalation, at_end = self._coded("escalation"), self.luck.random() < 0.5
        host = self._perhaps("sub", "alarm", escalation, depth) if at_end else self._raising(depth, escalation)
        if self.luck.random() < 0.5:
            return self._interrupted(host, "noted", escalation)
        return self._accompanied(host, "noted", escalation)

    def _raising(self, depth: int, escalation: str) -> Block:
        key, start, end = self.name("sub"), self.name("s"), self.name("e")

        def body() -> None:
            before, thrown, after = self.user()[0], self._throw("raise", escalation), self.block(depth - 1)
            self.elements += tiny.start(start) + tiny.end(end)
            self.flows.append(f"{start}>{before}>{thrown}>{after[0]}; {after[1]}>{end}")

        return self.scope(key, "", body)

    def terminating(self, depth: int) -> Block:
        """Whoever is first ends the sub-process, whatever the other branch still has to do."""
        key, start, end, over = self.name("sub"), self.name("s"), self.name("e"), self.name("over")

        def body() -> None:
            opens, quick, slow = self.gateway("fork", "parallel"), self.user()[0], self.block(depth - 1)
            self.elements += tiny.start(start) + tiny.end(end) + tiny.end(over, TERMINATE)
            self.flows.append(f"{start}>{opens}>{quick}>{over}; {opens}>{slow[0]}; {slow[1]}>{end}")

        return self.scope(key, "", body)
