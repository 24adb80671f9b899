"""Addresses that come back from the browser: only this site's own are followed."""

from urllib.parse import urlsplit


def ours(address: str) -> bool:
    """Whether `address` is a path of this site, and no way to another one."""
    parts = urlsplit(address)
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return local and not parts.scheme and not parts.netloc
