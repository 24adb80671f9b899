"""Forms: a form-js schema read, checked at publish, compiled to the server's check, and shown read-only.

A schema adds to form-js: field types `idcard` (typeKey, birthKey, sexKey), `organisation` (kinds), `evidence`
(accept, maxSizeMB), `yearmonth` (period), `rank`, `checkpoints` (points); on tables (`dynamiclist`) `view`, `minRows`,
`maxRows`, `library` (its rows belong into a person's 业绩库) and `allowAddRemove: false` for prefilled rows; on what a
new year asks anew `carry: false`; on any field `requiredMessage`, `mask`, `inTable`, `variable`, `readonly`, `suggest`
(what the declaration has is offered to choose from); on a point of `checkpoints` `collective` (it holds for the whole
body, not for one file); on the options of `decision` `requires` and `allOk`.
"""

from app.domain.forms.compiler import Decision, Form, compile_form
from app.domain.forms.context import Attachment, FormContext
from app.domain.forms.lint import check_schema
from app.domain.forms.render import describe
from app.domain.forms.schema import UnusableSchema, read

__all__ = [
    "Attachment",
    "Decision",
    "Form",
    "FormContext",
    "UnusableSchema",
    "check_schema",
    "compile_form",
    "describe",
    "read",
]
