"""Events: what they wait for or throw, and the time of timers without ISO notation."""

import re

from lxml import etree

from app.engine.foreign.engines import Said
from app.engine.foreign.expressions import expression
from app.engine.foreign.juel import Untranslatable
from app.engine.foreign.names import Ids
from app.engine.foreign.result import shortened
from app.engine.xml import BPMN, Element, is_element, local

REFERENCES = {"message": "messageRef", "signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}
_TIMES = {"timeDate": "到某日", "timeDuration": "过一段时间", "timeCycle": "重复到时"}
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
_DURATION = re.compile(
    r"P(?:(?P<年>\d+)Y)?(?:(?P<个月>\d+)M)?(?:(?P<周>\d+)W)?(?:(?P<日>\d+)D)?"
    r"(?:T(?:(?P<小时>\d+)H)?(?:(?P<分钟>\d+)M)?(?:(?P<秒>\d+)S)?)?\Z"
)  # fmt: skip
_REPEATED = re.compile(r"R(\d*)/(?:[^/]*/)?(P\w+)\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def definition(said: Said, old: Element, new: Element, ids: Ids) -> None:
    """Fill the new event definition from the old one: its reference, or its time. `said`: its settings."""
    kind = local(old).removesuffix("EventDefinition")
    reference = REFERENCES.get(kind)
    if reference and old.get(reference):
        new.set(reference, ids.to(old.get(reference)) or old.get(reference))
    elif reference and kind in ("message", "signal"):
        words = {"message": "消息", "signal": "信号"}[kind]
        said.note("event", f"没有指明等待或发出的是哪一个{words}。", f"在属性里选择{words}。")
    if kind == "timer":
        _time(said, old, new)
    elif kind == "conditional":
        source = next((c.text or "" for c in old if is_element(c) and local(c) == "condition"), "")
        etree.SubElement(new, f"{{{BPMN}}}condition").text = _python(source) or source
    elif kind == "link" and old.get("name"):
        new.set("name", old.get("name"))
    for name in ("errorCodeVariable", "errorMessageVariable", "escalationCodeVariable"):
        variable = said.take(name)
        if variable:
            what = f"由 {name} 取得的变量 {shortened(variable, 40)} 已去掉。"
            said.note("event", what, "需要的数据在抛出之前写入变量，或由函数取得。")


def _python(source: str) -> str | None:
    try:
        return expression(source)
    except Untranslatable:
        return None


def _time(said: Said, old: Element, new: Element) -> None:
    """A time that is computed is kept; one that is written out becomes a deadline which the notice must define."""
    found = next((c for c in old if is_element(c) and local(c) in _TIMES), None)
    if found is None:
        said.note("timer", "没有写明时间。", '在属性里选择期限，写成 deadline("参数名")。')
        return
    tag, source = local(found), (found.text or "").strip()
    computed = _python(source) if "${" in source or "#{" in source or "(" in source else None
    time = etree.SubElement(new, f"{{{BPMN}}}{tag if computed else 'timeDate'}")
    time.set(_XSI, "bpmn:tFormalExpression")
    if computed:
        time.text = computed
        if "deadline(" not in computed:
            said.note(
                "timer", f"时间由变量 {computed} 给出。", '核对它是带时区的时刻；能用期限的，改为 deadline("参数名")。'
            )
        return
    key = (said.new.get("id") or "timer").lower()
    time.text = f'deadline("{key}")'
    what = f"{_TIMES[tag]}的时间 {in_words(source)} 改成了期限 {key}。"
    once = "重复的定时事件改成了只到时一次；" if tag == "timeCycle" else ""
    said.note(
        "timer", what, f"{once}在通知的参数里登记期限 {key}（写明几个工作日或日历日、依据的条款），或改为已有的期限。"
    )


def in_words(source: str) -> str:
    """`P3DT4H` as 3日4小时; what is no ISO notation as it was written."""
    repeated = _REPEATED.match(source)
    if repeated:
        times = f"，共{repeated.group(1)}次" if repeated.group(1) else ""
        return f"每{in_words(repeated.group(2))}一次{times}"
    duration = _DURATION.match(source)
    words = "".join(f"{n}{unit}" for unit, n in duration.groupdict().items() if n) if duration else ""
    day = _DAY.match(source)
    return words or (source[:10] if day else shortened(source, 60) or "（未填写）")
