"""Text messages by Alibaba Cloud's SMS service: one signed request a message (API SendSms, signature version 3).

The documented request, by the standard library: the provider's own kit brings a dozen packages for one call.
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Collection, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from app import clock
from app.config import Sms
from app.domain.outbox import Parcel
from app.domain.sms_templates import checked
from app.jobs.carriers import NotTakenError, UnknownError

SECONDS = 20
ACTION, VERSION, ALGORITHM = "SendSms", "2017-05-25", "ACS3-HMAC-SHA256"
OK = "OK"
# what will be the same next time: the number, the text, our own settings there; every other refusal is tried again
FOR_GOOD = frozenset(
    [
        "isv.ACCOUNT_ABNORMAL",
        "isv.ACCOUNT_NOT_EXISTS",
        "isv.BLACK_KEY_CONTROL_LIMIT",
        "isv.INVALID_JSON_PARAM",
        "isv.INVALID_PARAMETERS",
        "isv.MOBILE_COUNT_OVER_LIMIT",
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.PARAM_LENGTH_LIMIT",
        "isv.PARAM_NOT_SUPPORT_URL",
        "isv.PRODUCT_UN_SUBSCRIPT",
        "isv.SIGN_NAME_ILLEGAL",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.TEMPLATE_PARAMS_ILLEGAL",
        "isp.RAM_PERMISSION_DENY",
        "InvalidAccessKeyId.NotFound",
        "InvalidAccessKeyId.Inactive",
        "SignatureDoesNotMatch",
    ]
)
LIMIT = 35  # characters of one gap, by the provider's rules


class AliyunSms:
    """Mainland numbers; of the text only what its approved template leaves open."""

    def __init__(self, settings: Sms) -> None:
        self._settings, self._known = settings, checked(settings.templates)
        self.templates: Collection[str] | None = frozenset(self._known)

    def carry(self, parcel: Parcel) -> None:
        template = self._known.get(parcel.letter.template)
        if template is None:
            raise NotTakenError("这种消息没有在短信服务商登记模板，不能用短信发送。", for_good=True)
        values = {gap: str(parcel.letter.facts.get(fact, ""))[:LIMIT] for gap, fact in template.fields.items()}
        self._send(
            {
                "OutId": str(parcel.delivery_id),
                "PhoneNumbers": parcel.address,
                "SignName": self._settings.sign,
                "TemplateCode": template.code,
                "TemplateParam": json.dumps(values, ensure_ascii=False),
            }
        )

    def _send(self, query: Mapping[str, str]) -> None:
        address = urlsplit(self._settings.endpoint)
        line = (HTTPSConnection if address.scheme == "https" else HTTPConnection)(address.netloc, timeout=SECONDS)
        try:
            line.connect()
        except OSError as error:
            raise NotTakenError(f"连接短信服务商失败：{error}") from error
        try:
            line.request("POST", f"/?{_canonical(query)}", headers=self._headers(address.netloc, query))
            answer = line.getresponse()
            status, body = answer.status, answer.read()
        except (OSError, HTTPException) as error:
            raise UnknownError(f"短信交付途中连接中断：{error}") from error
        finally:
            line.close()
        _judge(status, body)

    def _headers(self, host: str, query: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "host": host,
            "x-acs-action": ACTION,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": f"{clock.machine_utc():%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-version": VERSION,
        }
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        request = "\n".join(("POST", "/", _canonical(query), lines, names, headers["x-acs-content-sha256"]))
        said = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.new(self._settings.secret.encode(), said.encode(), hashlib.sha256).hexdigest()
        credential = f"Credential={self._settings.key_id},SignedHeaders={names},Signature={signature}"
        return {**headers, "Authorization": f"{ALGORITHM} {credential}"}


def _canonical(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(key, safe='~')}={quote(query[key], safe='~')}" for key in sorted(query))


def _judge(status: int, body: bytes) -> None:
    """What the answer means: nothing where it was taken. An answer that says nothing leaves it open."""
    try:
        answer = json.loads(body)
        code, said = str(answer["Code"]), str(answer.get("Message", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise UnknownError(f"短信服务商的回答无法识别（HTTP {status}），不能确定是否已发出。") from error
    if code != OK:
        raise NotTakenError(f"短信服务商未接收：{code} {said}", for_good=code in FOR_GOOD)
