"""A filled form 8 of a fictional applicant, and the surroundings in which it is checked."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.forms import Form, FormContext, compile_form, read

FORMS = Path(__file__).parents[3] / "forms"

CONTEXT = FormContext(
    today=date(2023, 10, 9),
    organisations={11: "institution", 12: "department", 13: "agency", 14: "district_tro", 15: "non_public"},
    attachments={
        1: {"name": "毕业证书.pdf", "type": "application/pdf", "size": 300_000},
        2: {"name": "验收鉴定书.pdf", "type": "application/pdf", "size": 1_500_000},
        3: {"name": "现场录像.mp4", "type": "video/mp4", "size": 3_000_000},
        4: {"name": "全套图纸.pdf", "type": "application/pdf", "size": 25_165_824},
    },
)

DECLARATION: dict[str, Any] = {
    "name": "林知远",
    "sex": "male",
    "birth_month": "1986-07",
    "personnel_category": "institution_established",
    "work_start": "2009-07",
    "mobile": "13900000001",
    "id_type": "resident_id",
    "id_number": "500104198607120013",
    "highest_education": "master",
    "series": "engineering",
    "specialty": "big_data",
    "target_title": "senior_engineer",
    "current_title": "engineer",
    "current_title_date": "2015-05-20",
    "engaged_title": "engineer",
    "engaged_month": "2015-12",
    "current_work": "大数据平台设计",
    "unit_and_post": "示例区数据中心 平台科副科长",
    "societies": "无",
    "ce_hours": 500,
    "ce_note": "500学时(5年合计)",
    "category": "city_public",
    "work_place": "chongqing",
    "archive_place": "chongqing",
    "unit_id": 11,
    "insured_unit_id": 11,
    "department_id": 12,
    "education": [
        {
            "_id": "e1",
            "graduated": "2009-06",
            "school": "示例理工大学",
            "major": "计算机科学与技术",
            "mode": "full_time",
            "degree": "本科/学士",
            "certificate_no": "X200906002",
            "evidence": [1],
        }
    ],
    "training": [],
    "experience": [
        {
            "_id": "x1",
            "period": "2009-07/至今",
            "employer": "示例区数据中心",
            "content": "平台设计",
            "position": "副科长",
        }
    ],
    "achievements": [
        {
            "_id": "a1",
            "period": "2016-03/2018-11",
            "role": "主持",
            "content": "区政务数据共享平台设计与建设。",
            "completion": "2018年11月通过验收。",
            "evidence": [2],
        }
    ],
    "workload": [],
    "patents": [
        {
            "_id": "p1",
            "granted": "2021-12",
            "kind": "invention",
            "rank": "2/5",
            "title": "数据比对方法",
            "patent_no": "ZL202100000002.X",
            "evidence": [1],
        }
    ],
    "works": [],
    "papers": [],
    "reports": [],
    "research": [],
    "awards": [],
    "redaction_confirmed": True,
    "insurance_months": 170,
    "policies": [],
    "courses": [
        {
            "_id": "k1",
            "period": "2022-03/2022-05",
            "mode": "脱产培训",
            "hours": 40,
            "content": "数据治理与数据安全专题培训",
            "result": "合格",
        }
    ],
    "channel": "normal",
    "profile": "newest",
    "performance_conditions": ["c2"],
    "undertaking": True,
    "decision": "submit",
}


def declaration(**changes: Any) -> dict[str, Any]:
    """The sample with `changes`; a value of None takes the key away."""
    filled = copy.deepcopy(DECLARATION) | changes
    return {key: value for key, value in filled.items() if value is not None}


def shipped(key: str) -> Form:
    return compile_form(read(FORMS / f"{key}.json"))


def textfield(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "id": f"f_{key}", "key": key, "label": key} | more


def table(path: str, *columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    rest = {"allowAddRemove": True} | more
    return {"type": "dynamiclist", "id": f"t_{path}", "path": path, "label": path, "components": list(columns)} | rest


def form(*components: dict[str, Any]) -> Form:
    return compile_form({"type": "default", "components": list(components)})
