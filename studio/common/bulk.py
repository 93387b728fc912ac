"""Many rows at once, where models are of no use."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from django.db import connections, models, router

_MAX_PARAMETERS = 10_000


def insert_rows(
    model: type[models.Model], rows: Iterable[Mapping[str, Any]], *, or_ignore: bool = False
) -> None:
    """Insert rows, each a value for every field of `model` but its id; foreign keys as ids.

    Several times as fast as `bulk_create`, which compiles an expression for each value. There are
    no defaults and no signals, and the new ids are not known. `or_ignore` leaves out rows whose
    unique values are there already.
    """
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    values = [
        [field.get_db_prep_save(row[field.name], connection) for field in fields] for row in rows
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    head = f"{connection.ops.insert_statement()} {quote(model._meta.db_table)} ({columns}) VALUES "
    tail = " ON CONFLICT DO NOTHING" if or_ignore else ""
    one = f"({', '.join(['%s'] * len(fields))})"
    size = (connection.features.max_query_params or _MAX_PARAMETERS) // len(fields)
    with connection.cursor() as cursor:
        for start in range(0, len(values), size):
            some = values[start : start + size]
            statement = head + ", ".join([one] * len(some)) + tail
            cursor.execute(statement, list(chain.from_iterable(some)))
