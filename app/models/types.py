"""Column types that mean the same on SQLite and PostgreSQL (D31a)."""

import hashlib
import hmac
import os
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import JSON, BigInteger, DateTime, Integer, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER column
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")  # JSON's own null is never stored
Digest = String(64)  # SHA-256 in hexadecimal

_NONCE = 12
_FORMAT = b"\x01"
PURPOSES = ("seal", "blind", "certificate", "authority")
_keys: dict[str, bytes] = {}


class Instant(TypeDecorator[datetime]):
    """A moment: refuses naive values, stores UTC, returns aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[str]):
    """Text under AES-256-GCM, bound to its column by name: a value moved to another column does not open."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, _dialect: Any) -> bytes | None:
        if value is None:
            return None
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + AESGCM(_keys["seal"]).encrypt(nonce, value.encode(), self.column.encode())

    def process_result_value(self, value: bytes | None, _dialect: Any) -> str | None:
        if value is None:
            return None
        nonce, sealed = value[1 : 1 + _NONCE], value[1 + _NONCE :]
        return AESGCM(_keys["seal"]).decrypt(nonce, sealed, self.column.encode()).decode()


def use_secret(secret: bytes) -> None:
    """Derive this process's keys, one a purpose; called once by whoever joins the parts."""
    for purpose in PURPOSES:
        _keys[purpose] = HKDF(SHA256(), 32, None, purpose.encode()).derive(secret)


def key(purpose: str) -> bytes:
    """The 32 bytes that stand for one of PURPOSES in this deployment."""
    return _keys[purpose]


def secret_known() -> bool:
    """Whether this process has its keys: a second secret would leave what the first one sealed unreadable."""
    return bool(_keys)


def blind(column: str, value: str) -> str:
    """Keyed digest to look a sealed value up by; equal values of one column show as equal, nothing else."""
    return hmac.new(_keys["blind"], f"{column}\0{value.strip().upper()}".encode(), hashlib.sha256).hexdigest()
