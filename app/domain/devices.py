"""Where a login comes from, in as few words as tell one's own devices apart."""

import ipaddress
from dataclasses import dataclass

# what a browser calls itself → its name; the first that fits, for many call themselves several things
BROWSERS = {
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "HuaweiBrowser": "华为浏览器",
    "QQBrowser": "QQ浏览器",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "鸿蒙",
    "Android": "安卓",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}
UNKNOWN = "其他设备"
_IPV4, _IPV6 = 24, 48  # bits that are kept: the network, not the one machine in it


@dataclass(frozen=True)
class Origin:
    """The network that a request came from, and the device, both in words."""

    address: str
    device: str


def origin(address: str | None, user_agent: str) -> Origin:
    return Origin(shortened(address or ""), words(user_agent))


def words(user_agent: str) -> str:
    """`Windows · Edge`; what names neither is 其他设备."""
    found = [_first(SYSTEMS, user_agent), _first(BROWSERS, user_agent)]
    return " · ".join(filter(None, found)) or UNKNOWN


def shortened(address: str) -> str:
    """`203.0.113.*`, `2001:db8:1::*`; empty for what is no address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if known.is_loopback:
        return "本机"
    network = ipaddress.ip_network((known, _IPV4 if known.version == 4 else _IPV6), strict=False)
    text = str(network.network_address)
    return text.removesuffix("0") + "*"


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for part, name in names.items() if part in user_agent), "")
