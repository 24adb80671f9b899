"""Operators of SQL that each database writes in its own way."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):  # noqa: N801  (an operator of SQL: `among(column, subquery)`)
    """`column IN (subquery)`, where the subquery's rows are few beside the table's and lead to its rows by an index.

    PostgreSQL takes the one for the other when it guesses that there are many; so it is told.
    """

    type = Boolean()
    inherit_cache = True


def is_one_of(column: ColumnElement[str] | InstrumentedAttribute[str], words: Iterable[str]) -> ColumnElement[bool]:
    """`column IN (words)` with the house's own words as they are written: bound ones are bound anew each time."""
    return column.in_([literal_column(f"'{word}'", String) for word in words])


class listed(FunctionElement[bool]):  # noqa: N801
    """`listed(column, numbers)`: the column is one of the numbers, given as one text (`3,14,15`) however many."""

    type = Boolean()
    inherit_cache = True


@compiles(listed)
def _in_list(element: listed, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each('[' || {numbers} || ']'))"  # noqa: S608  (bound)


@compiles(listed, "postgresql")
def _any_of_list(element: listed, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY (CAST(string_to_array({numbers}, ',') AS BIGINT[]))"


@compiles(among)
def _in(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, rows = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN {rows}"


@compiles(among, "postgresql")
def _any(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, rows = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY (ARRAY{rows})"
