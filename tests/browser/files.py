"""Files that the browser tests upload: made here, of the kinds and sizes that the forms take or refuse."""

import base64
from pathlib import Path

from app.cli.demo_drafts import page

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MEGABYTE = 1024 * 1024


def picture(folder: Path, name: str) -> Path:
    """A PNG of one point."""
    path = folder / name
    path.write_bytes(PICTURE)
    return path


def paper(folder: Path, name: str) -> Path:
    """A PDF of one page."""
    path = folder / name
    path.write_bytes(page(name))
    return path


def heavy(folder: Path, name: str, megabytes: int) -> Path:
    """A PDF with more than that many megabytes."""
    path = folder / name
    path.write_bytes(page(name) + b"%" + b"0" * (megabytes * MEGABYTE))
    return path


def disguised(folder: Path, name: str) -> Path:
    """Plain text under the name of a PDF."""
    path = folder / name
    path.write_bytes("这不是PDF文件".encode())
    return path
