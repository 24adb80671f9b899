"""A draft as a folder: written out for the one reader of packages."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from app.config import ROOT
from app.domain import packages
from app.domain.packages import Package


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """The files below `folder`, their sub-folders made."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def read(key: str, files: Mapping[str, bytes]) -> Package:
    """The package that the files of a draft are; ConfigurationError names file and key of what is wrong with them."""
    with tempfile.TemporaryDirectory(prefix="zhiping-draft-") as place:
        folder = Path(place) / key
        folder.mkdir()
        write(files, folder)
        return packages.read(folder, ROOT)
