"""The table of request keys: which requests took effect lately."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Instant, Json


class RequestKey(Base):
    """A request that took effect; `answer` is what its repetition needs to answer alike."""

    __tablename__ = "request_key"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    scope: Mapped[str] = mapped_column(String(200), primary_key=True)  # who asked, and for what
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(Json)
