"""Certificates: what one says, which one is in force, what its code and its seal prove."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem, x509
from cryptography import x509 as building
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter
from sqlalchemy.orm import Session

from app import clock
from app.config import Seal
from app.db import Database
from app.domain.certificates import code, issuing, seal
from app.errors import ConfigurationError, Conflict, NotFound, Refused
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from tests.support import reviews
from tests.support.reviews import Meeting

NUMBER = "渝职改办〔2024〕3号"
FACTS = {
    "number": "渝职改办证〔2024〕1号",
    "name": "张一",
    "title": "工程师",
    "specialty": "大数据",
    "acquired_on": "2023-12-08",
    "issued_on": "2024-01-10",
    "document": NUMBER,
    "organ": "虚构市职改办",
}
AT = datetime(2024, 1, 20, 2, tzinfo=UTC)


@pytest.fixture
def meeting(database: Database, freeze: Callable[[Session, str], datetime]) -> Iterator[Meeting]:
    """Two confirmed titles."""
    with database.transaction() as session:
        freeze(session, "2024-01-11 09:00:00")
        found = reviews.session_with(session, seats=5, items=2)
        reviews.confirmed(found)
        yield found


def declaration(meeting: Meeting, place: int = 0) -> Declaration:
    return meeting.season.session.get_one(Declaration, meeting.items[place].declaration_id)


def test_certificate_says_what_the_document_confirms(meeting: Meeting) -> None:
    session = meeting.season.session
    made = issuing.issue(session, declaration(meeting))
    assert {key: made.facts[key] for key in ("name", "title", "level", "document", "organ", "institution")} == {
        "name": "申报人001",
        "title": "工程师",
        "level": "中级",
        "document": NUMBER,
        "organ": "虚构市职改办",
        "institution": meeting.season.committee.name,
    }
    assert (made.acquired_on.isoformat(), made.issued_on.isoformat()) == ("2023-12-08", "2024-01-10")
    assert code.read(made.payload)["number"] == made.number
    assert made.number != issuing.issue(session, declaration(meeting, 1)).number


def test_only_one_certificate_of_a_title_is_in_force(meeting: Meeting) -> None:
    session, about = meeting.season.session, declaration(meeting)
    with pytest.raises(Conflict, match="没有可以补办"):
        issuing.issue(session, about, replaces_id=1)
    first = issuing.issue(session, about)
    with pytest.raises(Conflict, match="已有有效证书"):
        issuing.issue(session, about)
    second = issuing.issue(session, about, replaces_id=first.id)
    assert (first.status, second.replaces_id) == (issuing.REPLACED, first.id)
    assert issuing.in_force(session, about.id) is second
    assert issuing.void(session, about, "职称已撤销") is second
    assert issuing.void(session, about, "职称已撤销") is None
    assert [(each["number"], each["status"]) for each in issuing.revoked(session)] == [
        (first.number, "replaced"),
        (second.number, "void"),
    ]


def test_nothing_is_issued_without_a_confirming_document(meeting: Meeting) -> None:
    meeting.items[0].confirmation_id = None
    meeting.season.session.flush()
    with pytest.raises(ConfigurationError, match="没有已印发"):
        issuing.issue(meeting.season.session, declaration(meeting))


def test_look_up_needs_number_and_name(meeting: Meeting) -> None:
    session = meeting.season.session
    made = issuing.issue(session, declaration(meeting))
    assert issuing.look_up(session, f" {made.number} ", "申报人001") is made
    for number, name in ((made.number, "申报人002"), ("渝职改办证〔2024〕99号", "申报人001")):
        with pytest.raises(NotFound):
            issuing.look_up(session, number, name)


@pytest.mark.bad_input
def test_registration_lists_every_fault_at_once(meeting: Meeting) -> None:
    session, about = meeting.season.session, declaration(meeting)
    photo = Attachment(
        digest="0" * 64, name="照片.png", media_type="image/png", size=200_001, uploaded_at=clock.now(session)
    )
    session.add(photo)
    session.flush()
    said = {"document_number": "渝职改办[2024]3号", "issued_on": "2024-01-11", "acquired_on": "2023-12-07"}
    with pytest.raises(Refused) as refused:
        issuing.register(session, about, {**said, "photo": [photo.id]})
    assert [problem.code for problem in refused.value.problems] == ["brackets", "other_day", "other_day", "photo"]
    assert "请使用六角括号" in refused.value.problems[0].message
    with pytest.raises(Refused, match="应为确认通知的文号"):
        issuing.register(session, about, {"document_number": "渝职改办〔2024〕4号"})


def test_registered_facts_stand_on_the_certificate(meeting: Meeting) -> None:
    session, about = meeting.season.session, declaration(meeting)
    issuing.register(session, about, {"document_number": NUMBER, "local_specialty": "数据治理"})
    assert issuing.registration_of(session, about)["local_specialty"] == "数据治理"
    assert issuing.issue(session, about).facts["specialty"] == "数据治理"


def test_code_proves_its_facts_to_whoever_has_the_key() -> None:
    text = code.sign(FACTS)
    assert code.read(f"https://zhiping.example/certificates/check?c={text}") == FACTS
    assert code.read(text, code.key_of(code.public_key().encode())) == FACTS


@pytest.mark.parametrize("place", [5, 60, -5])
def test_changed_code_is_refused(place: int) -> None:
    text = list(code.sign(FACTS))
    text[place] = "A" if text[place] != "A" else "B"
    with pytest.raises(Refused, match="未通过签名验证"):
        code.read("".join(text))


@pytest.mark.parametrize("text", ["", "ZP1", "ZP1..", "ZP2.a.b", "随便写的", "ZP1.!!.!!"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="未通过签名验证"):
        code.read(text)


def test_key_must_be_a_key() -> None:
    with pytest.raises(Refused, match="不是证书验证公钥"):
        code.key_of(b"nothing")


def page() -> bytes:
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": "certificate"})
    writer.write(out)
    return out.getvalue()


def test_seal_holds_until_a_byte_changes(tmp_path: Path) -> None:
    sealed = seal.seal(page(), "虚构市职改办", "职称电子证书", AT)
    assert checked(sealed) == (True, True, AT)
    changed = bytearray(sealed)
    changed[sealed.index(b"certificate")] ^= 1
    assert checked(bytes(changed))[:2] == (False, False)
    for name, content, said in (
        ("whole", sealed, "Signature is Valid"),
        ("changed", bytes(changed), "Digest Mismatch"),
    ):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        if shutil.which("pdfsig"):
            told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
            assert said in told.stdout


@pytest.fixture
def own_seal() -> Iterator[Seal]:
    """A seal as an authority has it: key, certificate and root in one file under a password."""
    key, root_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = certificate("虚构签章根", root_key, "虚构签章根", root_key, authority=True)
    held = certificate("虚构市职改办电子签章", key, "虚构签章根", root_key, authority=False)
    content = pkcs12.serialize_key_and_certificates(
        b"seal", key, held, [root], BestAvailableEncryption("口令".encode())
    )
    yield Seal(content, "口令")
    seal.use(None)


def certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, signing: ec.EllipticCurvePrivateKey, *, authority: bool
) -> building.Certificate:
    usage = building.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
    builder = building.CertificateBuilder(
        *(building.Name([building.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (issuer, name)),
        key.public_key(),
        building.random_serial_number(),
        datetime(2023, 1, 1, tzinfo=UTC),
        datetime(2030, 1, 1, tzinfo=UTC),
    )
    builder = builder.add_extension(building.BasicConstraints(authority, None), critical=True)
    return builder.add_extension(usage, critical=True).sign(signing, hashes.SHA256())


def test_authority_seals_with_its_own_file(own_seal: Seal) -> None:
    trial = seal.root_certificate()
    assert seal.on_trial()
    seal.use(own_seal)
    assert not seal.on_trial()
    assert seal.root_certificate() != trial
    assert checked(seal.seal(page(), "虚构市职改办", "职称电子证书", AT)) == (True, True, AT)
    seal.use(None)
    assert (seal.on_trial(), seal.root_certificate()) == (True, trial)


@pytest.mark.parametrize("wrong", [{"password": "错"}, {"content": b"no seal"}], ids=["password", "content"])
def test_seal_that_does_not_open_is_refused(own_seal: Seal, wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="签章文件不能打开"):
        seal.use(replace(own_seal, **wrong))
    assert seal.on_trial()


def checked(content: bytes) -> tuple[bool, bool, datetime | None]:
    """(the bytes are as signed, and by the root's own seal; when)."""
    reader = PdfFileReader(BytesIO(content))
    root = x509.Certificate.load(pem.unarmor(seal.root_certificate())[2])
    context = ValidationContext(trust_roots=[root], moment=AT, allow_fetching=False)
    with ThreadPoolExecutor(1) as aside:  # the library runs an event loop of its own, as browser tests do
        status = aside.submit(validate_pdf_signature, reader.embedded_signatures[0], context).result()
    return status.intact, status.bottom_line, status.signer_reported_dt
