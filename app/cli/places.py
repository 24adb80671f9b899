"""Where the files lie that come with the application: diagrams, forms, notices, migrations."""

from app.config import ROOT

DIAGRAMS = ROOT / "bpmn"
FORMS = ROOT / "forms"
NOTICES = ROOT / "notices"
MIGRATIONS = ROOT / "migrations"
