"""What a form cannot know by itself: today, organisations and attachments that exist, what may not be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypedDict

from app.domain import identity
from app.domain.forms import papers
from app.domain.forms.fields import Fault
from app.domain.forms.schema import Field

TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".ofd": "application/ofd",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
DEFAULT_ACCEPT = ".pdf,.jpg,.png"
DEFAULT_MEGABYTES = 20
_MEGABYTE = 1024 * 1024
_SEX = {"male": "男", "female": "女"}


class Attachment(TypedDict):
    """An uploaded file; `type` is the media type found in its content, `size` in bytes."""

    name: str
    type: str
    size: int


@dataclass(frozen=True)
class FormContext:
    """The surroundings of one check.

    `organisations` is id → kind of those that may be chosen; `attachments` those this person may refer to. `current`
    are the stored values: read-only fields and prefilled rows take theirs from here. `locked` is what must stay as
    given: a field key, or `table.row_id` for one row. Where `only_fields` (keys) or `only_rows` (row ids) is set,
    everything else must equal `current` (a correction workspace); `addition` is then the sentence, with
    {material}, that refuses a new row where the usual one would not tell why.
    """

    today: date
    organisations: Mapping[int, str] = field(default_factory=dict)
    attachments: Mapping[Any, Attachment] = field(default_factory=dict)
    current: Mapping[str, Any] = field(default_factory=dict)
    locked: Mapping[str, Any] = field(default_factory=dict)
    only_fields: frozenset[str] | None = None
    only_rows: frozenset[str] | None = None
    addition: str | None = None

    @property
    def restricted(self) -> bool:
        return self.only_fields is not None or self.only_rows is not None

    def may_change(self, key: str, row: str | None = None) -> bool:
        """Whether this field, or this row of a table, may differ from `current`."""
        if not self.restricted or key == "decision" or key in (self.only_fields or ()):
            return True
        return row is not None and row in (self.only_rows or ())


def faults(field: Field, value: Any, scope: Mapping[str, Any], context: FormContext) -> list[Fault]:
    """What is wrong with a filled value in its surroundings; `scope` are the values beside it."""
    if field.kind == "evidence":
        return [fault for each in value if (fault := _attachment_fault(field, each, context)) is not None]
    if field.kind == "organisation":
        return _organisation_faults(field, value, context)
    if field.kind == "idcard":
        return _identity_faults(field, value, scope, context)
    return []


def _organisation_faults(field: Field, value: int, context: FormContext) -> list[Fault]:
    kind, kinds = context.organisations.get(value), field.component.get("kinds")
    if kind is None or (kinds and kind not in kinds):
        return [Fault("organisation", f"所选“{field.label}”不在可选范围内，请联系该机构先行注册后重新选择。")]
    return []


def _identity_faults(field: Field, value: str, scope: Mapping[str, Any], context: FormContext) -> list[Fault]:
    id_type = scope.get(field.component.get("typeKey", "id_type"))
    wrong = papers.fault(value, id_type, context.today)
    if wrong is not None:
        return [wrong]
    if id_type not in (None, papers.RESIDENT):
        return []
    found = []
    birth, sex = scope.get(field.component.get("birthKey", "")), scope.get(field.component.get("sexKey", ""))
    if isinstance(birth, str) and birth != papers.birth_month(value):
        month = str(papers.birth_month(value)).replace("-", ".")
        found.append(Fault("id_birth", f"身份证号中的出生年月为{month}，与填写的不一致，请核对。"))
    if sex in _SEX and sex != identity.sex(value):
        found.append(Fault("id_sex", f"身份证号对应的性别与填写的“{_SEX[sex]}”不一致，请核对。"))
    return found


def _attachment_fault(field: Field, identifier: Any, context: FormContext) -> Fault | None:
    file = context.attachments.get(identifier)
    if file is None:
        return Fault("attachment_unknown", f"“{field.label}”中有文件未上传成功或已删除，请重新上传。")
    accept = field.component.get("accept") or DEFAULT_ACCEPT
    limit = field.component.get("maxSizeMB") or DEFAULT_MEGABYTES
    endings = [ending.strip().lower() for ending in accept.split(",")]
    fits = file["type"] in {TYPES.get(ending, ending) for ending in endings}
    if fits and file["size"] <= limit * _MEGABYTE:
        return None
    wanted = "、".join(ending.lstrip(".").upper() for ending in endings)
    return Fault(
        "attachment_size" if fits else "attachment_type",
        f"“{file['name']}”为{type_name(file)}、{size_name(file['size'])}，要求{wanted}、不超过{limit}MB。原有内容未受影响。",
    )


def type_name(file: Attachment) -> str:
    """The file's type in the words people use: PDF, JPG …; an unknown one by its media type."""
    names = {media: ending.lstrip(".").upper() for ending, media in reversed(TYPES.items())}
    return names.get(file["type"], file["type"] or "未知类型")


def size_name(size: int) -> str:
    """A size in bytes for people, in KB or MB."""
    return f"{size / _MEGABYTE:.1f}MB" if size >= _MEGABYTE else f"{max(1, round(size / 1024))}KB"
