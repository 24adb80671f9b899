"""Everything at once: `walk` gives every tie between a voter and a vote that it finds."""

from collections.abc import Mapping

from sqlalchemy import text

from app.db import Database
from tests.support.secrecy import contents, positions
from tests.support.secrecy.truth import Tie, Truth


def walk(database: Database, truth: Truth, texts: Mapping[str, str]) -> list[Tie]:
    """`texts` are what stands outside the database: logs, exports, pages, by a name of their own."""
    with database.engine.connect() as connection:
        keys = set(connection.scalars(text("SELECT key FROM vote")))
        assert keys, "no votes to look for"
        signs = contents.Signs(truth, keys)
        found = [
            *contents.in_tables(connection, signs),
            *contents.in_codes(connection, signs),
            *contents.in_texts(texts, signs),
            *positions.by_columns(connection, truth),
            *positions.by_transaction(connection, truth),
            *positions.by_order(connection, truth),
            *positions.left_over(connection, truth),
        ]
    return list(dict.fromkeys(found))
