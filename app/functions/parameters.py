"""What the notice says, for diagrams: parameters and decision tables."""

from typing import Any

from app.functions.case import Case
from app.functions.registry import diagram_function


@diagram_function
def parameter(case: Case, key: str) -> Any:
    """通知参数：读取本件所依据通知（或其评委会）的参数值。

    Looks in the committee, the notice, then the notice it stands under; a key nobody has filled is an incident.
    """
    return case.rules.parameter(key)


@diagram_function
def decide(case: Case, table: str, **inputs: Any) -> Any:
    """决策表：用给定的输入查通知的决策表，返回命中规则的输出。

    decide("insurance", category="mobile", work_place="chongqing", archive_place="chongqing") gives the outputs of the
    rule that matches; no match is an incident, never a default.
    """
    return case.rules.decide(table, inputs)
