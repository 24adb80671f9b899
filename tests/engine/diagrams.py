"""Tiny diagrams that hold every construct a designer may use, for the tests of the engine's own parts."""

from tests.engine import tiny

MANY = (
    '<bpmn:userTask id="vote"><bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
    "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
)

INNER = tiny.process("inner", tiny.start("is") + tiny.user("deep") + tiny.end("ie"), "is>deep>ie")
MIDDLE = tiny.process(
    "middle", tiny.start("ms") + tiny.user("before") + tiny.call("dig", "inner") + tiny.end("me"), "ms>before>dig>me"
)

CONSTRUCTS: dict[str, dict[str, bytes]] = {
    "users": {"users.bpmn": tiny.document(
        tiny.process("users", tiny.start() + tiny.user("a") + tiny.user("b") + tiny.end(), "s>a>b>e"))},
    "repeated": {"repeated.bpmn": tiny.document(
        tiny.process("repeated", tiny.start() + MANY.format(sequential="false") + tiny.user("after") + tiny.end(),
                     "s>vote>after>e"))},
    "one_by_one": {"one_by_one.bpmn": tiny.document(
        tiny.process("one_by_one", tiny.start() + MANY.format(sequential="true") + tiny.user("after") + tiny.end(),
                     "s>vote>after>e"))},
    "event_gateway": {"event_gateway.bpmn": tiny.document(
        tiny.messages("yes", "no"),
        tiny.process(
            "event_gateway",
            tiny.start() + tiny.gateway("which", "eventBased") + tiny.catch("on_yes", tiny.message("yes", "answer"))
            + tiny.catch("on_no", tiny.message("no")) + tiny.catch("on_time", tiny.timer("days(3)"))
            + tiny.user("glad") + tiny.user("sad") + tiny.user("late") + tiny.end(),
            "s>which>on_yes>glad>e; which>on_no>sad>e; which>on_time>late>e"))},
    "nested": {"nested.bpmn": tiny.document(
        tiny.process("nested", tiny.start() + tiny.call("go", "middle") + tiny.user("last") + tiny.end(),
                     "s>go>last>e")),
        "middle.bpmn": tiny.document(MIDDLE), "inner.bpmn": tiny.document(INNER)},
    "boundaries": {"boundaries.bpmn": tiny.document(
        tiny.messages("stop"), tiny.errors("BAD"),
        tiny.process(
            "boundaries",
            tiny.start() + tiny.call("go", "middle") + tiny.boundary("stopped", "go", tiny.message("stop"))
            + tiny.boundary("warned", "go", tiny.timer("days(2)"), interrupting=False)
            + tiny.boundary("late", "go", tiny.timer("days(9)"))
            + tiny.user("remind") + tiny.end("we") + tiny.user("cut") + tiny.user("over") + tiny.end(),
            "s>go>e; stopped>cut>e; warned>remind>we; late>over>e")),
        "middle.bpmn": tiny.document(MIDDLE), "inner.bpmn": tiny.document(INNER)},
    "looped": {"looped.bpmn": tiny.document(
        tiny.process("looped", tiny.start() + tiny.gateway("again") + tiny.user("act") + tiny.gateway("more")
                     + tiny.user("last") + tiny.end(), "s>again>act>more; more>again[back]; more>last!; last>e"))},
    "forked": {"forked.bpmn": tiny.document(
        tiny.process("forked", tiny.start() + tiny.gateway("f", "parallel") + tiny.user("a") + tiny.user("b")
                     + tiny.user("c") + tiny.gateway("j", "parallel") + tiny.user("last") + tiny.end(),
                     "s>f>a>j; f>b>j; f>c>j; j>last>e"))},
    "two_levels": {"two_levels.bpmn": tiny.document(
        tiny.process("two_levels", tiny.start() + tiny.gateway("f1", "parallel") + tiny.gateway("f2", "parallel")
                     + tiny.user("b1") + tiny.user("b2") + tiny.user("b3") + tiny.gateway("j", "parallel")
                     + tiny.user("z") + tiny.end(), "s>f1>b1>j; f1>f2; f2>b2>j; f2>b3>j; j>z>e"))},
    "inside": {"inside.bpmn": tiny.document(
        tiny.process(
            "inside",
            tiny.start() + tiny.subprocess(
                "box", tiny.start("bs") + tiny.gateway("bf", "parallel") + tiny.user("ba") + tiny.user("bb")
                + tiny.gateway("bj", "parallel") + tiny.end("be"), "bs>bf>ba>bj; bf>bb>bj; bj>be")
            + tiny.user("last") + tiny.end(), "s>box>last>e"))},
}  # fmt: skip
