"""Months of the table of events, on PostgreSQL. Elsewhere it is one table.

Rows outside the months that we make (a clock far off) are in the partition `…_other`.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.dispatch import receiver

TABLE = "conversations_event"
OTHER = f"{TABLE}_other"
_FIRST = datetime(2016, 1, 1, tzinfo=UTC)
# Partitions never go behind our back except by `drop_before`, which is rare: a stale name costs
# nothing, because its rows would go to `…_other`.
_known: set[str] = set()
_LOCK = 7_404_001  # any number that nobody else uses as an advisory lock


@receiver(post_migrate)
def _forget(**_kwargs: object) -> None:
    """Migrations make the table anew, forwards and back."""
    _known.clear()


def month_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_after(month: datetime) -> datetime:
    return month_of(month.replace(day=28) + timedelta(days=7))


def name_of(month: datetime) -> str:
    return f"{TABLE}_{month:%Y_%m}"


def ensure_partitions(moments: Iterable[datetime]) -> None:
    """Make the months of these moments, as far as they lie between 2016 and next month."""
    last = month_after(month_of(datetime.now(UTC)))
    months = {(at.year, at.month) for at in moments}
    for month in (datetime(*each, 1, tzinfo=UTC) for each in sorted(months)):
        if _FIRST <= month <= last and name_of(month) not in _known:
            _make(month)
            transaction.on_commit(partial(_known.add, name_of(month)))


def _make(month: datetime) -> None:
    """Attached, not created in place: that locks out no reader and no writer."""
    name = name_of(month)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is not None:
            return
        start, end = month, month_after(month)
        cursor.execute(f"SELECT 1 FROM {OTHER} WHERE at >= %s AND at < %s LIMIT 1", [start, end])  # noqa: S608  our own name
        if cursor.fetchone() is not None:
            return  # rows of that month are among the others already; there they stay
        cursor.execute(
            f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        )
        cursor.execute(
            f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)",
            [start.isoformat(), end.isoformat()],
        )


def drop_before(cutoff: datetime, record: Callable[[], object]) -> list[str]:
    """Drop every month that ends before `cutoff`; returns their names. Nothing may be held that
    refers to their rows. `record` is called for each, in the transaction that drops it."""
    if connection.vendor != "postgresql":
        return []
    dropped = []
    for name, end in months():
        if end <= cutoff:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {name}")
                cursor.execute(f"DROP TABLE {name}")
                record()
            _known.discard(name)
            dropped.append(name)
    return dropped


def months() -> list[tuple[str, datetime]]:
    """Partitions with an end, oldest first, each with the moment where it ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child.relname, (regexp_match(pg_get_expr(child.relpartbound, child.oid), "
            "'TO \\(''([^'']+)''\\)'))[1]::timestamptz "
            "FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid "
            "WHERE inhparent = %s::regclass",
            [TABLE],
        )
        found = [(name, end) for name, end in cursor.fetchall() if end is not None]
    return sorted(found, key=lambda each: each[1])
