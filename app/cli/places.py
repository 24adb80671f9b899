"""Where the files lie that come with the application: diagrams, forms, notices, migrations."""

from pathlib import Path

import app

ROOT = Path(app.__file__).resolve().parents[1]
DIAGRAMS = ROOT / "bpmn"
FORMS = ROOT / "forms"
NOTICES = ROOT / "notices"
MIGRATIONS = ROOT / "migrations"
