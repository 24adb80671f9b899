"""Diagrams of other systems, put into our dialect as far as it goes, with a list of what did not."""

from app.engine.foreign.result import Dropped, Translation
from app.engine.foreign.translation import translate

__all__ = ["Dropped", "Translation", "translate"]
