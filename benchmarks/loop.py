"""Does an instance grow slower with its past? A task in a loop, the 200th round against the 5th."""

import time
from datetime import UTC, datetime
from statistics import quantiles

from app import clock
from app.engine.parser import definitions
from app.engine.run import Run

ROUNDS = 205
REPEATS = 15
LOOP = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:zhiping">
<bpmn:process id="loop" isExecutable="true"><bpmn:startEvent id="s"/>
<bpmn:userTask id="check" name="check"/>
<bpmn:exclusiveGateway id="again" default="f4"/><bpmn:endEvent id="e"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="check"/>
<bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="again"/>
<bpmn:sequenceFlow id="f3" sourceRef="again" targetRef="e"><bpmn:conditionExpression
  xsi:type="bpmn:tFormalExpression">done</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="f4" sourceRef="again" targetRef="check"/></bpmn:process></bpmn:definitions>"""


def growth() -> float:
    """p10 of restoring, completing and storing round 196-205 over the same of rounds 4-8."""
    early: list[float] = []
    late: list[float] = []
    for _ in range(REPEATS):
        costs = _rounds()
        early += costs[3:8]
        late += costs[-10:]
    return quantiles(late, n=10)[0] / quantiles(early, n=10)[0]


def _rounds() -> list[float]:
    parsed = definitions({"loop.bpmn": LOOP})
    clock.stand_at(datetime(2023, 10, 9, tzinfo=UTC))
    state = Run.start(parsed, "loop", {}, _nobody, {"done": False}).state()
    costs = []
    for _ in range(ROUNDS):
        began = time.thread_time()
        run = Run.restore(parsed, "loop", {}, _nobody, state)
        run.complete(run.user_tasks()[0].id, {"done": False})
        state = run.state()
        costs.append(time.thread_time() - began)
    return costs


def _nobody(*_: object) -> None:
    """No case asks."""
