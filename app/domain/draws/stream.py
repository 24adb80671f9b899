"""Chance that nobody chose: shares committed to before any is shown, the seed made of them, and numbers from the seed.

A party commits to SHA-256 of the plan's digest, its own name and its secret share. When all have committed, all show
their shares; anybody can check them. One honest party is enough for a seed that nobody could foresee (D24).
"""

import hashlib
import hmac
from collections.abc import Mapping

PARTIES = {"office": "抽取单位经办人", "supervisor": "抽取单位纪检监督部门", "system": "系统"}
WORDS_PER_BLOCK = 4
_WORD = 8
_RANGE = 1 << 8 * _WORD


def commitment(plan_digest: str, party: str, share: str) -> str:
    return hashlib.sha256(f"{plan_digest}:{party}:{share}".encode()).hexdigest()


def seed(plan_digest: str, commitments: Mapping[str, str], shares: Mapping[str, str]) -> str:
    """SHA-256 over the plan's digest, all commitments and all shares, in the order of PARTIES."""
    parts = [plan_digest, *(commitments[party] for party in PARTIES), *(shares[party] for party in PARTIES)]
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


class Stream:
    """Numbers from a seed: HMAC-SHA256 of a counter, cut into words of 64 bits, each as likely as any other."""

    def __init__(self, seed: str) -> None:
        self._key = bytes.fromhex(seed)
        self._counter = 0
        self._words: list[int] = []

    def below(self, limit: int) -> int:
        """One of 0 … limit − 1; a word from the incomplete last round is thrown away, so none is preferred."""
        usable = _RANGE - _RANGE % limit
        while True:
            word = self._word()
            if word < usable:
                return word % limit

    def _word(self) -> int:
        if not self._words:
            block = hmac.digest(self._key, self._counter.to_bytes(_WORD, "big"), "sha256")
            self._counter += 1
            words = [block[at : at + _WORD] for at in range(0, WORDS_PER_BLOCK * _WORD, _WORD)]
            self._words = [int.from_bytes(word, "big") for word in reversed(words)]
        return self._words.pop()
