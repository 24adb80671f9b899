"""What follows a review: its result announced and publicised, leads held, titles confirmed, papers archived (§3.11)."""

from app.domain.results.names import of_item

__all__ = ["of_item"]
