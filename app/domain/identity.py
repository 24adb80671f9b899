"""Checks of identity numbers, social credit codes and phones, and how they are masked."""

import re
from datetime import date

import phonenumbers
from stdnum.cn import ric, uscc

from app.errors import Problem, Refused

OLDEST = 110  # years; nobody declares at that age, so the birth date must be a slip of the pen
REGION = "CN"
# registering authority and kind may be letters (rural collectives: N1…), the area is six digits; no I, O, S, V, Z
CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")


def check_resident_id(number: str, today: date, field: str = "id_number") -> str:
    """The number normalised (no spaces, X in capitals); Refused with sentence 14, naming the doubtful place.

    Check digit and birth date only: county codes change, and a table of them refuses real numbers.
    """
    compact = "".join(number.split()).upper()
    place = _doubtful_place(compact, today)
    if place is not None:
        message = f"身份证号校验未通过，请核对第{place}位附近的数字；应为18位。"
        raise Refused(Problem("identity_number", message, field))
    return compact


def birth_date(number: str) -> date:
    """Birth date of a checked number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number: str) -> str:
    """`male` or `female`, by the 17th digit of a checked number."""
    return "male" if int(number[16]) % 2 else "female"


def check_credit_code(code: str, field: str = "credit_code") -> str:
    """The unified social credit code normalised; Refused unless its 18 characters and check character are right."""
    compact = uscc.compact(code)
    if not CREDIT_CODE.fullmatch(compact) or compact[17] != uscc.calc_check_digit(compact[:17]):
        message = "统一社会信用代码校验未通过，请按证书核对；应为18位。"
        raise Refused(Problem("credit_code", message, field))
    return compact


def check_mobile(number: str, field: str = "mobile") -> str:
    """A mainland mobile number as eleven digits; Refused otherwise."""
    parsed = _parse(number)
    if parsed is None or phonenumbers.number_type(parsed) != phonenumbers.PhoneNumberType.MOBILE:
        raise Refused(Problem("mobile", "手机号码有误，请核对；应为11位。", field))
    return str(parsed.national_number)


def check_phone(number: str, field: str = "contact_phone") -> str:
    """A mobile or landline number that can exist in mainland China, as written but trimmed; Refused otherwise."""
    if _parse(number) is None:
        raise Refused(Problem("phone", "联系电话有误，请核对；座机请写区号，如“023-”开头。", field))
    return number.strip()


def mask_identity(number: str | None) -> str:
    """`500***********1234` keeps three characters before and four behind; a short document number keeps less."""
    return _mask(number, 3, 4)


def mask_phone(number: str | None) -> str:
    """`139****0001` for a mobile number."""
    return _mask(number, 3, 4)


def _mask(text: str | None, before: int, behind: int) -> str:
    if not text:
        return ""
    if len(text) <= before + behind:
        return text[:1] + "*" * (len(text) - 1)
    return text[:before] + "*" * (len(text) - before - behind) + text[-behind:]


def _doubtful_place(number: str, today: date) -> int | None:
    """The place (counted from 1) where a number first goes wrong."""
    for place, sign in enumerate(number[:18], 1):
        if not (sign in "0123456789" or (place == 18 and sign == "X")):
            return place
    if len(number) != 18:
        return min(len(number) + 1, 18)
    try:
        born = birth_date(number)
    except ValueError:
        return 7
    if born > today or today.year - born.year > OLDEST:
        return 7
    return None if ric.calc_check_digit(number) == number[17] else 18


def _parse(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number_for_region(parsed, REGION)
    return parsed if valid else None
