"""How many text messages a text takes on the mainland: 70 characters alone, 67 each where it is cut in parts."""

ALONE, PART = 70, 67


def parts(text: str, signature: str = "职称申报评审") -> int:
    """The parts that are paid for; the signature in its brackets counts as well."""
    length = len(text) + len(f"【{signature}】")
    return 1 if length <= ALONE else -(-length // PART)
