"""Numbers of identity papers in a form: the resident card by `domain.identity`, passports and HMT permits by shape."""

import re
from datetime import date

from app.domain import identity
from app.domain.forms.fields import Fault
from app.errors import Refused

RESIDENT, PASSPORT, HMT = "resident_id", "passport", "hmt_permit"
_PASSPORT = re.compile(r"^[A-Z0-9]{5,20}$")
_HMT = re.compile(r"^(?:[HM]\d{8}(?:\d{2})?|\d{8}(?:\d{2})?)$")
_HMT_RESIDENT = re.compile(r"^8[123]\d{15}[\dX]$")


def clean(number: str) -> str:
    """The number as it is stored: capitals, no blanks."""
    return "".join(number.split()).upper()


def fault(number: str, id_type: str | None, today: date) -> Fault | None:
    """What is wrong with a cleaned number; `id_type` empty means a resident card."""
    if id_type == PASSPORT:
        wrong = not _PASSPORT.match(number)
        return Fault("identity_number", "护照号码应为5至20位字母或数字，请核对。") if wrong else None
    if id_type == HMT and not _HMT_RESIDENT.match(number):
        wrong = not _HMT.match(number)
        return Fault("identity_number", "港澳台居民证件号码有误，请核对字母和位数。") if wrong else None
    try:
        identity.check_resident_id(number, today)
    except Refused as refused:
        problem = refused.problems[0]
        return Fault(problem.code, problem.message)
    return None


def birth_month(number: str) -> str:
    """The month of birth `YYYY-MM` that a checked resident number carries."""
    return f"{number[6:10]}-{number[10:12]}"
