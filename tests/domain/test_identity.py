"""Identity numbers, credit codes and phones: what is taken, what is refused and where the finger points."""

from datetime import date

import pytest

from app.domain import identity
from app.errors import Refused

TODAY = date(2023, 10, 9)
GOOD = "500103198604121014"  # invented


def sentence(place: int) -> str:
    return f"身份证号校验未通过，请核对第{place}位附近的数字；应为18位。"


def test_check_resident_id_normalises_spaces_and_small_x():
    assert identity.check_resident_id(" 500103 19860412 101 4 ", TODAY) == GOOD
    assert identity.check_resident_id("11010519491231002x", TODAY) == "11010519491231002X"


@pytest.mark.parametrize("county", ["441900", "130131", "500383", "810000", "659012"])
def test_check_resident_id_asks_no_county_table(county: str):
    body = f"{county}19700101001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    digit = "10X98765432"[sum(int(sign) * weight for sign, weight in zip(body, weights, strict=True)) % 11]
    assert identity.check_resident_id(body + digit, TODAY) == body + digit


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("500103198604121013", 18),
        ("50010319860412101", 18),
        ("", 1),
        ("5001031986041210145", 18),
        ("5O0103198604121014", 2),
        ("500103198613121014", 7),
        ("500103203001011012", 7),
        ("500103188001011013", 7),
        ("５00103198604121014", 1),
    ],
)
def test_check_resident_id_points_at_the_doubtful_place(number: str, place: int):
    with pytest.raises(Refused) as refused:
        identity.check_resident_id(number, TODAY)
    (problem,) = refused.value.problems
    assert (problem.message, problem.field) == (sentence(place), "id_number")


def test_birth_date_and_sex_come_from_the_number():
    assert identity.birth_date(GOOD) == date(1986, 4, 12)
    assert identity.sex(GOOD) == "male"
    assert identity.sex("510104198809031029") == "female"


@pytest.mark.parametrize(
    ("written", "kept"),
    [("91110000600037341L", "91110000600037341L"), ("9111 0000 6000-37341l", "91110000600037341L")],
)
def test_check_credit_code_normalises(written: str, kept: str):
    assert identity.check_credit_code(written) == kept


def test_check_credit_code_takes_rural_collectives():
    assert identity.check_credit_code("N2500000MBDEM00014") == "N2500000MBDEM00014"


@pytest.mark.parametrize(
    "code", ["91110000600037341M", "9111000060003734", "", "9I110000600037341L", "91A10000600037341L"]
)
def test_check_credit_code_refuses_what_cannot_be(code: str):
    with pytest.raises(Refused) as refused:
        identity.check_credit_code(code)
    assert [problem.code for problem in refused.value.problems] == ["credit_code"]


def test_check_mobile_keeps_eleven_digits():
    assert identity.check_mobile("+86 139 0000 0001") == "13900000001"


@pytest.mark.parametrize("number", ["023-55550101", "1390000000", "12345678901", "", "+1 202 555 0143"])
def test_check_mobile_refuses_landlines_and_slips(number: str):
    with pytest.raises(Refused):
        identity.check_mobile(number)


def test_check_phone_takes_landlines_and_mobiles():
    assert identity.check_phone(" 023-55550101 ") == "023-55550101"
    assert identity.check_phone("13900000001") == "13900000001"


@pytest.mark.parametrize("number", ["5555", "电话", "", "+1 202 555 0143"])
def test_check_phone_refuses_what_nobody_can_call(number: str):
    with pytest.raises(Refused):
        identity.check_phone(number)


@pytest.mark.parametrize(
    ("number", "shown"), [(GOOD, "500***********1014"), ("E12345", "E*****"), ("", ""), (None, "")]
)
def test_mask_identity_keeps_the_ends(number: str | None, shown: str):
    assert identity.mask_identity(number) == shown


def test_mask_phone_keeps_three_and_four():
    assert identity.mask_phone("13900001234") == "139****1234"
