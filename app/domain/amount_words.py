"""Amounts of money in Chinese capitals, as receipts write them."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
MOST = 10**12 - 1


def capitals(yuan: int) -> str:
    """Whole yuan in capitals, closed against additions: 240 → 贰佰肆拾元整. ValueError beyond 0 … 999,999,999,999."""
    if not 0 <= yuan <= MOST:
        raise ValueError(f"no capitals for {yuan}")
    if yuan == 0:
        return "零元整"
    words, gap = "", False
    for index in reversed(range(len(_GROUPS))):
        group = yuan // 10 ** (4 * index) % 10_000
        if group == 0:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += _DIGITS[0]
        words, gap = words + _group(group) + _GROUPS[index], False
    return f"{words}元整"


def _group(number: int) -> str:
    """Up to four digits; zeros within are said once."""
    words, gap = "", False
    for place in reversed(range(len(_PLACES))):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
