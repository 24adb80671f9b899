"""Sealing a sheet to a ballot's key, and the key's private half in two shares of which neither opens anything (D25).

A sheet is one letter for each item of the ballot, so that all sheets of a ballot are of one length. It is sealed by a
fresh X25519 key against the ballot's, HKDF-SHA256 and ChaCha20-Poly1305, and bound to its ballot and seat. The private
key is the exclusive or of two shares; each is sealed under what one officer types (argon2id).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY = 32  # bytes of a key, of a share, and of either's public half
LETTERS = {"yes": "Y", "no": "N", "abstain": "A"}
NOTHING = "-"  # for an item on which the seat has no vote
_CHOICES = {letter: choice for choice, letter in LETTERS.items()}
_SALT, _NONCE = 16, bytes(12)  # each key seals one thing once, so its nonce may be all zeros
_ARGON = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 1, "hash_len": KEY, "type": Type.ID}


class NotOpened(Exception):
    """What was sealed does not open: a wrong passphrase, or bytes that somebody changed."""


@dataclass(frozen=True)
class KeyPair:
    """A ballot's public half, and the two shares of the other."""

    public: bytes
    shares: tuple[bytes, bytes]


def make_keys() -> KeyPair:
    private = X25519PrivateKey.generate()
    first = secrets.token_bytes(KEY)
    return KeyPair(private.public_key().public_bytes_raw(), (first, _exclusive_or(first, private.private_bytes_raw())))


def join(shares: tuple[bytes, bytes]) -> bytes:
    """The private half."""
    return _exclusive_or(*shares)


def seal_share(share: bytes, passphrase: str, role: str) -> str:
    """Hexadecimal: salt and sealed share, bound to the officer's role."""
    salt = secrets.token_bytes(_SALT)
    return (salt + _cipher(passphrase, salt).encrypt(_NONCE, share, role.encode())).hex()


def open_share(sealed: str, passphrase: str, role: str) -> bytes:
    """NotOpened for a wrong passphrase; slow on purpose."""
    raw = bytes.fromhex(sealed)
    salt, content = raw[:_SALT], raw[_SALT:]
    try:
        return _cipher(passphrase, salt).decrypt(_NONCE, content, role.encode())
    except InvalidTag as wrong:
        raise NotOpened from wrong


def seal_sheet(public: bytes, item_ids: list[int], choices: Mapping[int, str], place: str) -> bytes:
    """The sheet under the ballot's key; `place` names ballot and seat, and the sheet opens under no other."""
    letters = "".join(LETTERS[choices[each]] if each in choices else NOTHING for each in item_ids)
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return mine + _sheet_cipher(shared, mine + public).encrypt(_NONCE, letters.encode(), place.encode())


def open_sheet(private: bytes, item_ids: list[int], content: bytes, place: str) -> dict[int, str]:
    """Item → choice, for the items that the sheet votes on; NotOpened for a sheet of another seat or a changed one."""
    key = X25519PrivateKey.from_private_bytes(private)
    theirs, sealed = content[:KEY], content[KEY:]
    shared = key.exchange(X25519PublicKey.from_public_bytes(theirs))
    try:
        letters = _sheet_cipher(shared, theirs + key.public_key().public_bytes_raw()).decrypt(
            _NONCE, sealed, place.encode()
        )
    except InvalidTag as wrong:
        raise NotOpened from wrong
    found = zip(item_ids, letters.decode(), strict=True)
    return {item_id: _CHOICES[letter] for item_id, letter in found if letter != NOTHING}


def _cipher(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hash_secret_raw(passphrase.strip().encode(), salt, **_ARGON))  # type: ignore[arg-type]


def _sheet_cipher(shared: bytes, keys: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), KEY, keys, b"ballot sheet").derive(shared))


def _exclusive_or(left: bytes, right: bytes) -> bytes:
    return bytes(each ^ other for each, other in zip(left, right, strict=True))
