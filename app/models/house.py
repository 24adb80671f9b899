"""What a deployment words or sets for itself in the browser: one row a version, none is ever changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json


class HouseSetting(Base):
    """One version of one thing: the last number holds; an empty `value` goes back to the product's own."""

    __tablename__ = "house_setting"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    value: Mapped[dict[str, Any] | None] = mapped_column(Json)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    set_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("name", "number"), {"info": {"kept": True}})
