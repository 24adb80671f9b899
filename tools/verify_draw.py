"""Runs an exported draw again with nothing but Python and says whether it is what its record says.

python verify_draw.py draw.json …     exit status 1 where a record does not hold; format: docs/draws.md
"""

import hashlib
import hmac
import json
import sys
from collections import Counter
from pathlib import Path

PARTIES = ("office", "supervisor", "system")


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def numbers(seed):
    """Words of 64 bits: HMAC-SHA256 of 0, 1, 2 … under the seed, eight bytes at a time."""
    counter = 0
    while True:
        block = hmac.digest(bytes.fromhex(seed), counter.to_bytes(8, "big"), "sha256")
        yield from (int.from_bytes(block[at : at + 8], "big") for at in (0, 8, 16, 24))
        counter += 1


def below(words, limit):
    return next(word % limit for word in words if word < 2**64 - 2**64 % limit)


def sample(record, words):
    """Per group: its members and reserves in drawn order."""
    found = []
    for place, group in enumerate(record["groups"]):
        left = [row for row in record["pool"] if row[1] == place]
        for at in range(group["members"] + group["reserves"]):
            other = at + below(words, len(left) - at)
            left[at], left[other] = left[other], left[at]
        found.append((left[: group["members"]], left[group["members"] : group["members"] + group["reserves"]]))
    return found


def good(record, drawn):
    panel = record["kept"] + [row for members, _ in drawn for row in members]
    for limit in record["limits"]:
        count = sum(limit["flag"] in row[3] for row in panel)
        if count < limit["at_least"] or (limit["at_most"] is not None and count > limit["at_most"]):
            return False
    together = Counter(row[2] for row in panel if row[2] is not None)
    return record["per_employer"] is None or all(each <= record["per_employer"] for each in together.values())


def faults(export):
    """What does not hold, in the order in which it is checked."""
    record, commitments, shares = export["record"], export["commitments"], export["reveals"]
    digest = sha256(json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    if digest != export["digest"]:
        yield "名单、回避或规则与封存时不一致"
    for party in PARTIES:
        if sha256(f"{export['digest']}:{party}:{shares[party]}") != commitments[party]:
            yield f"{party} 的随机数与事先封存的不一致"
    parts = [export["digest"], *map(commitments.get, PARTIES), *map(shares.get, PARTIES)]
    if sha256(":".join(parts)) != export["seed"]:
        yield "种子与各方随机数不一致"
    words, attempts = numbers(export["seed"]), 1
    while not good(record, drawn := sample(record, words)) and attempts < export["attempts"]:
        attempts += 1
    again = [{"members": [row[0] for row in m], "reserves": [row[0] for row in r]} for m, r in drawn]
    if again != export["drawn"] or attempts != export["attempts"] or not good(record, drawn):
        yield "重新抽取的结果与记录不一致"


if __name__ == "__main__":
    results = {name: list(faults(json.loads(Path(name).read_text("utf-8")))) for name in sys.argv[1:]}
    for name, found in results.items():
        print(f"{name}：{'；'.join(found) or '一致'}")
    sys.exit(any(results.values()) or not results)
