"""The code on a certificate: its facts under a signature that anybody checks with the public key and no network.

`ZP1.<facts>.<signature>`: facts are a JSON list in the order of FIELDS, both parts in base64url without padding, the
signature is Ed25519 (RFC 8032) over `ZP1.<facts>`. The key belongs to the deployment and follows from its secret.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from app.errors import Problem, Refused
from app.models import types

VERSION = "ZP1"
FIELDS = ("number", "name", "title", "specialty", "acquired_on", "issued_on", "document", "organ")
_PARTS = 3


def sign(facts: Mapping[str, Any]) -> str:
    """The text for the QR code; `facts` must hold FIELDS."""
    said = f"{VERSION}.{_written(orjson.dumps([facts[name] for name in FIELDS]))}"
    return f"{said}.{_written(_private().sign(said.encode()))}"


def read(text: str, public: Ed25519PublicKey | None = None) -> dict[str, Any]:
    """The facts that a code proves, by the deployment's key or another. Refused for whatever is not signed by it.

    A code may stand alone or at the end of an address (`…?c=ZP1.…`).
    """
    parts = text.strip().rpartition("=")[2].split(".")
    try:
        if len(parts) != _PARTS or parts[0] != VERSION:
            raise ValueError
        (public or _private().public_key()).verify(_bytes(parts[2]), ".".join(parts[:2]).encode())
        return dict(zip(FIELDS, orjson.loads(_bytes(parts[1])), strict=True))
    except (ValueError, InvalidSignature, binascii.Error):
        raise Refused(
            Problem("not_genuine", "二维码内容未通过签名验证，不是本机构生成的证书，或者内容已被改动。", "code")
        ) from None


def public_key() -> str:
    """The public half as PEM, to be published: who holds it needs nobody to check a code."""
    return _private().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def key_of(pem: bytes) -> Ed25519PublicKey:
    """The published key read back; Refused for anything else."""
    try:
        found = load_pem_public_key(pem)
    except ValueError:
        found = None
    if not isinstance(found, Ed25519PublicKey):
        raise Refused(Problem("not_a_key", "不是证书验证公钥文件（PEM）。"))
    return found


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(types.key("certificate"))


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
