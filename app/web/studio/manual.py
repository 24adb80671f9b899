"""函数手册: what diagrams may call, generated from the code, searchable."""

from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import functions

blueprint = Blueprint("studio_manual", __name__, url_prefix="/studio/functions")

TOPICS = {
    "acceptance": "受理与补正", "archiving": "归档", "batches": "推荐批次与单位公示", "campaigns": "专家征选",
    "certificates": "证书", "complaints": "投诉举报", "confirmations": "结果确认", "deadlines": "期限",
    "decisions": "决策表", "declarations": "申请书", "draws": "专家抽取", "expert_events": "专家异动",
    "experts": "评审专家", "levels": "逐级审核", "notifications": "消息", "objections": "异议", "parameters": "参数",
    "payments": "缴费", "people": "办理人", "rechecks": "复查", "results": "评审结果", "reviews": "评审会议",
    "revocations": "撤销", "rules": "规定与条件", "subjects": "办理对象",
}  # fmt: skip


@blueprint.get("")
def index() -> ResponseReturnValue:
    """`q` narrows by words of the call and its text."""
    q = request.args.get("q", "").strip()
    shown = [each for each in functions.manual() if all(word in f"{each.call} {each.text}" for word in q.split())]
    topics = [(TOPICS.get(topic, topic), list(group)) for topic, group in groupby(shown, key=lambda each: each.topic)]
    return render_template("studio/functions.html", topics=topics, count=len(shown), q=q)
