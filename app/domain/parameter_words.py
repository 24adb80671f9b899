"""A notice's parameters in words, each with the clause it rests on, for people who look the notice up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import parameters
from app.domain.explanations import UNITS
from app.domain.parameter_values import ParameterSpec
from app.domain.schedules import WINDOW_NAMES, window_words
from app.domain.wording import day_words
from app.errors import ConfigurationError

CHOICES = {
    "online": "网上申报",
    "offline": "线下申报",
    "junior": "初级",
    "intermediate": "中级",
    "senior": "高级",
    "unit": "所在单位",
    "superior": "上级主管部门",
    "agency": "人事代理机构",
    "department": "单位主管部门",
    "district": "区县人力社保（职改）部门",
    "top_body": "单位驻重庆最高管理机构",
    "committee": "评委会",
    "civil_servant": "公务员",
    "retiree": "退休人员",
    "impact_period": "处分或影响期内",
    "institution_sanction": "事业单位工作人员处分期内",
    "party_sanction": "党纪处分影响期内",
    "applicant": "申报人提交",
    "arrival": "材料送达",
    "working": "工作年限",
    "tenure": "任职年限",
    "submission": "提交之日",
    "acceptance": "受理之日",
}


@dataclass(frozen=True)
class Said:
    """One parameter: what it means, its value, the clause; `by` who decided where the notice is silent."""

    meaning: str
    value: str
    clause: str
    by: str


def said(session: Session, notice_version_id: int) -> list[Said]:
    """Those with a value that can be said in words, in the order of the vocabulary."""
    found = []
    for key, spec in parameters.keys(session, notice_version_id).items():
        try:
            entry = parameters.lookup(session, notice_version_id, key)
        except ConfigurationError:  # silent or still to be decided: nothing to show
            continue
        words = words_of(spec, entry.value)
        if words:
            by = f"{entry.decided_by}确定" if entry.kind == "decided" and entry.decided_by else ""
            found.append(Said(spec.meaning, words, entry.clause or "", by))
    return found


def words_of(spec: ParameterSpec, value: Any) -> str:
    """Empty for what has no words (a table, a code of the product's own)."""
    if value is None:
        return ""
    match spec.type:
        case "bool":
            return "是" if value else "否"
        case "int" | "number":
            return f"{value}{spec.unit or ''}"
        case "date":
            return day_words(value)
        case "time":
            return f"{value:%H:%M}"
        case "text" | "fraction":
            return str(value)
        case "window":
            return window_words(value)
        case "deadline":
            return _deadline(value)
        case "choice" | "list":
            return _choices(value if isinstance(value, list) else [value])
    return ""


def _choices(codes: list[str]) -> str:
    words = [CHOICES.get(code, "" if code.isascii() else code) for code in codes]
    return "、".join(words) if all(words) else ""


def _deadline(value: Mapping[str, Any]) -> str:
    if "window" in value:
        edge = "开始" if value.get("edge") == "start" else "截止"
        ahead = f"前第{value['ahead']}个工作日" if value.get("ahead") else ""
        return f"{WINDOW_NAMES[value['window']]}{edge}{ahead}"
    if isinstance(value["count"], str):
        return ""  # its length is a parameter of its own, shown there
    return f"{value['count']}{UNITS[value['unit']]}" if value["count"] else "当日24时"
