"""Figures for managers: what is past is counted once and kept, what stands is counted anew every now and then."""

from app.processes.figures.refreshing import rebuild, refresh

__all__ = ["rebuild", "refresh"]
