"""Which files a draft may hold, and what each kind is called."""

import re

from app.domain.clause_files import CLAUSES_FILE, TEXT_FILE
from app.domain.packages import ENDINGS, SCENARIOS, VOCABULARY_FILE
from app.errors import Problem, Refused

HEADING, PARAMETERS = "notice.yaml", "parameters.yaml"
COMMITTEES, COMMITTEE_PARAMETERS = "committees.csv", "committee_parameters.yaml"
LANES = "lanes.yaml"
PAPERS = {
    HEADING: "通知的基本信息",
    PARAMETERS: "参数",
    COMMITTEES: "评委会与时间",
    COMMITTEE_PARAMETERS: "各评委会自己的参数",
    VOCABULARY_FILE: "本通知自己的参数词表",
    LANES: "本通知自己的泳道",
    TEXT_FILE: "通知正文",
    CLAUSES_FILE: "条款",
}
FOLDERS = {**ENDINGS, SCENARIOS: ".yaml"}
KINDS = {
    "diagrams": "流程图",
    "decisions": "决策表",
    "forms": "表单",
    "documents": "文书模板",
    SCENARIOS: "情景",
}
LIMIT = 1024 * 1024  # bytes of one file
_STEM = re.compile(r"[a-z][a-z0-9_]{0,79}")


def is_stem(name: str) -> bool:
    """Whether a file may be called so, its ending left away."""
    return bool(_STEM.fullmatch(name))


def kind_of(path: str) -> str:
    """`diagrams`, `decisions`, `forms`, `documents`, `scenarios`, or `papers`; Refused for any other path."""
    if path in PAPERS:
        return "papers"
    folder, _, name = path.partition("/")
    ending = FOLDERS.get(folder, "")
    if not ending or not name.endswith(ending) or not is_stem(name.removesuffix(ending)):
        raise Refused(Problem("path", f"“{path}”不是通知中可以有的文件。", "path"))
    return folder


def path_of(kind: str, stem: str) -> str:
    """The path of a file of `kind` by the name that a designer gives it; Refused for a name that is none."""
    if not is_stem(stem):
        message = "文件名用小写英文字母、数字和下划线，以字母开头，如 department_check。"
        raise Refused(Problem("name", message, "name"))
    return f"{kind}/{stem}{FOLDERS[kind]}"
