"""Operators of SQL that each database writes in its own way."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):  # noqa: N801  (an operator of SQL: `among(column, subquery)`)
    """`column IN (subquery)`, where the subquery's rows are few beside the table's and lead to its rows by an index.

    PostgreSQL takes the one for the other when it guesses that there are many; so it is told.
    """

    type = Boolean()
    inherit_cache = True


@compiles(among)
def _in(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, rows = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN {rows}"


@compiles(among, "postgresql")
def _any(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, rows = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY (ARRAY{rows})"
