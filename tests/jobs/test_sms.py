"""The SMS service's adapter against a server that checks the signature by itself."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app import config
from app.config import Sms, SmsTemplate
from app.domain import notifications, outbox, people
from app.domain.letters import Letter
from app.domain.outbox import Parcel
from app.errors import ConfigurationError
from app.jobs.carriers import NotTakenError, UnknownError
from app.jobs.sms import AliyunSms

SECRET, NUMBER = "s3cret", "13800000001"
TEMPLATES = {"accepted": SmsTemplate("SMS_1", {"no": "number"}), "publicity_over": SmsTemplate("SMS_2", {})}


class _Service(BaseHTTPRequestHandler):
    """Says what it was told to say, once the signature is right."""

    def do_POST(self) -> None:
        said: Any = self.server
        if said.answer is None:
            self.connection.close()
            return
        said.asked.append(parse_qs(urlsplit(self.path).query))
        answer = said.answer if self._signature() == self._expected() else {"Code": "SignatureDoesNotMatch"}
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(200 if answer == {"Code": "OK"} else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _signature(self) -> str:
        return self.headers["Authorization"].rpartition("Signature=")[2]

    def _expected(self) -> str:
        names = self.headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0]
        assert {"host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce"} <= set(names.split(";"))
        query = "&".join(sorted(self.path.partition("?")[2].split("&")))
        text = ["POST", "/", query, *(f"{name}:{self.headers[name]}" for name in names.split(";"))]
        text += ["", names, hashlib.sha256(b"").hexdigest()]
        digest = hashlib.sha256("\n".join(text).encode()).hexdigest()
        return hmac.digest(SECRET.encode(), f"ACS3-HMAC-SHA256\n{digest}".encode(), "sha256").hex()

    def log_message(self, *_: Any) -> None:
        """Nothing in the tests' output."""


@pytest.fixture
def service() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as made:
        made.answer, made.asked = {"Code": "OK"}, []  # type: ignore[attr-defined]
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def carrier(service: Any, secret: str = SECRET) -> AliyunSms:
    endpoint = f"http://127.0.0.1:{service.server_address[1]}"
    return AliyunSms(Sms(endpoint, "key", "职称评审", TEMPLATES, secret))


def parcel(template: str = "accepted", number: str = "渝 2023~1号/+&") -> Parcel:
    return Parcel(7, "t", "sms", NUMBER, Letter("题", "文", template, {"number": number}))


def test_a_message_is_an_approved_template_with_its_gaps_filled(service: Any) -> None:
    carrier(service).carry(parcel())
    carrier(service).carry(parcel("publicity_over"))
    first, second = service.asked
    assert first == {
        "OutId": ["7"],
        "PhoneNumbers": [NUMBER],
        "SignName": ["职称评审"],
        "TemplateCode": ["SMS_1"],
        "TemplateParam": ['{"no": "渝 2023~1号/+&"}'],
    }
    assert second["TemplateCode"] == ["SMS_2"]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ({"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "限流"}, "again", "isv.BUSINESS_LIMIT_CONTROL 限流"),
        ({"Code": "isv.AMOUNT_NOT_ENOUGH"}, "again", "isv.AMOUNT_NOT_ENOUGH"),
        ({"Code": "isv.MOBILE_NUMBER_ILLEGAL"}, "for good", "isv.MOBILE_NUMBER_ILLEGAL"),
        (b"<html>bad gateway</html>", "unknown", "无法识别（HTTP 400）"),
        (None, "unknown", "交付途中连接中断"),
    ],
)
def test_what_an_answer_means(service: Any, answer: Any, kind: str, words: str) -> None:
    service.answer = answer
    with pytest.raises((NotTakenError, UnknownError), match=words.replace("（", ".").replace("）", ".")) as found:
        carrier(service).carry(parcel())
    error = found.value
    assert kind == ("unknown" if isinstance(error, UnknownError) else "for good" if error.for_good else "again")


def test_what_never_leaves_the_house(service: Any) -> None:
    with pytest.raises(NotTakenError, match="没有在短信服务商登记模板") as unmapped:
        carrier(service).carry(parcel("urged"))
    assert unmapped.value.for_good
    with pytest.raises(NotTakenError, match="SignatureDoesNotMatch") as wrong:
        carrier(service, "other").carry(parcel())
    assert wrong.value.for_good
    with pytest.raises(NotTakenError, match="连接短信服务商失败") as closed:
        AliyunSms(Sms("http://127.0.0.1:1", "key", "签名", TEMPLATES, SECRET)).carry(parcel())
    assert not closed.value.for_good
    for name, fields in (("nothing", {}), ("accepted", {"no": "numero"})):
        with pytest.raises(ConfigurationError, match="短信模板对照文件"):
            AliyunSms(Sms("https://sms.example.org", "key", "签名", {name: SmsTemplate("SMS_1", fields)}))


def test_only_what_the_provider_has_is_made_out(sqlite_database: Any, freeze: Any) -> None:
    with sqlite_database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        person = people.register(session, "zhang", "张某")
        people.set_mobile(session, person.id, NUMBER)
        person.notify_by = ["sms"]
        for template in ("accepted", "urged"):
            notifications.post(session, [person.id], template, {"number": "7"})
        session.flush()
        outbox.route(session, TEMPLATES)
        session.flush()
        made = outbox.take(session)
        assert made is not None
        assert (made.letter.template, made.letter.facts) == ("accepted", {"number": "7"})
        assert outbox.take(session) is None


def test_settings_come_from_the_environment_and_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x" * 32)
    (tmp_path / "key").write_text(f"{SECRET}\n")
    (tmp_path / "map").write_text('{"accepted": {"code": "SMS_1", "fields": {"no": "number"}}}')
    said = {"ZHIPING_DATA": str(tmp_path), "ZHIPING_SMS_ENDPOINT": "https://sms.example.org"}
    with pytest.raises(ConfigurationError, match="还须设置 ZHIPING_SMS_KEY_ID、ZHIPING_SMS_SIGN"):
        config.load(said)
    files = {"SECRET_FILE": "key", "TEMPLATES_FILE": "map"}
    said |= {"ZHIPING_SMS_KEY_ID": "id", "ZHIPING_SMS_SIGN": "签名"}
    said |= {f"ZHIPING_SMS_{name}": str(tmp_path / file) for name, file in files.items()}
    made = config.load(said).sms
    assert made == Sms("https://sms.example.org", "id", "签名", {"accepted": TEMPLATES["accepted"]}, SECRET)
    assert SECRET not in repr(made)
    (tmp_path / "map").write_text("[1]")
    with pytest.raises(ConfigurationError, match="格式有误"):
        config.load(said)
