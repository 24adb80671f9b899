"""The shipped tables of the two printed notices, read from their folders as a published notice reads them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.clock import SHANGHAI
from app.domain.eligibility import windows
from app.domain.eligibility.world import World
from app.domain.parameter_values import Parameter
from app.engine.decisions import Decision

ROOT = Path(__file__).parents[3]


class FileRules:
    """A notice of files alone: its own table of a key, else the shared one."""

    def __init__(self, notice_key: str, year: int, parameters: Mapping[str, Any], folder: Path | None = None) -> None:
        self.notice_key, self.year, self.parameters = notice_key, year, dict(parameters)
        self.folder = folder or ROOT / "notices" / notice_key / "decisions"

    def parameter(self, key: str) -> Any:
        return self.parameters[key]

    def find(self, key: str) -> Parameter | None:
        """As the notice's own file gives it."""
        said = yaml.safe_load((self.folder.parent / "parameters.yaml").read_bytes()).get(key)
        return said and Parameter(key, said["value"], said["unit"], said["clause"], "printed", "", self.notice_key)

    def decide(self, table: str, inputs: Mapping[str, Any]) -> Any:
        own = self.folder / f"{table}.dmn"
        path = own if own.exists() else ROOT / "bpmn" / f"{table}.dmn"
        return Decision.parse(path.read_bytes()).decide(inputs)


@pytest.fixture
def n1() -> FileRules:
    return FileRules("n1_2022_general", 2022, {})


@pytest.fixture
def n2() -> FileRules:
    return FileRules("n2_2023_bigdata", 2023, {"tenure_cutoff": "2023-12-31", "insurance_asof": "submit"})


@pytest.fixture
def n4() -> FileRules:
    return FileRules("n4_2022_dadukou", 2022, {"tenure_cutoff": "2022-12-31", "insurance_asof": "submit"})


@pytest.fixture
def rules_from(tmp_path: Path) -> Callable[..., FileRules]:
    """A made-up notice: `rules_from(route=xml_bytes, tenure_cutoff=…)` with its own tables over the shared ones."""

    def build(tables: Mapping[str, bytes], **parameters: Any) -> FileRules:
        for key, xml in tables.items():
            (tmp_path / f"{key}.dmn").write_bytes(xml)
        return FileRules("made_up", 2024, parameters, tmp_path)

    return build


@pytest.fixture
def at() -> Callable[..., World]:
    """`at("2023-10-20", …)`: the world at that moment (9:00 where no time is given), the N2 window open."""

    def build(moment: str, **known: Any) -> World:
        text = moment if len(moment) > len("2023-10-20") else f"{moment} 09:00"
        known.setdefault("window", windows.window("2023-10-07", "2023-10-31", "N2 §三"))
        return World(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI), **known)

    return build


@pytest.fixture
def senior() -> dict[str, Any]:
    """A bachelor of a municipal institution, engineer for exactly five years at the N2 cut-off, declaring senior."""
    return {
        "name": "周启明", "category": "city_public", "unit_id": 11, "department_id": 12, "id_type": "resident_id",
        "target_title": "senior_engineer", "current_title": "engineer", "current_title_date": "2018-12-31",
        "highest_education": "bachelor", "performance_conditions": ["c3"], "channel": "normal",
    }  # fmt: skip
