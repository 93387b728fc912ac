"""What could not be stored: kept with its reason, published, given back or thrown away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils import timezone

from studio.conversations.models import DeadLetter

_BATCH = 500
# Of one look: letters may be large.
_TO_PUBLISH = 50


@dataclass(frozen=True, slots=True)
class RejectedEvent:
    offset: int
    payload: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Letter:
    id: int
    source_id: int
    source_name: str
    offset: int
    payload: bytes
    reason: str


def keep(source_id: int, dead: Sequence[RejectedEvent]) -> None:
    DeadLetter.objects.bulk_create(
        (
            DeadLetter(
                source_id=source_id,
                source_offset=letter.offset,
                payload=letter.payload,
                reason=letter.reason.replace("\0", "")[:500],
            )
            for letter in dead
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )


def to_publish() -> list[Letter]:
    """Some of those that came by Kafka and are not in the dead-letter topic yet."""
    rows = DeadLetter.objects.filter(published_at__isnull=True, source__name__startswith="kafka:")
    return [_letter(row) for row in rows.select_related("source").order_by("id")[:_TO_PUBLISH]]


def mark_published(ids: Collection[int]) -> None:
    DeadLetter.objects.filter(pk__in=ids).update(published_at=timezone.now())


def find_kept(ids: Collection[int] | None = None) -> list[Letter]:
    """Those that nobody has decided on: all, or of these ids; oldest first."""
    rows = DeadLetter.objects.filter(status=DeadLetter.Status.KEPT)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return [_letter(row) for row in rows.select_related("source").order_by("id")]


def decide(letter_id: int, status: str) -> None:
    DeadLetter.objects.filter(pk=letter_id).update(status=status)


def _letter(row: DeadLetter) -> Letter:
    return Letter(
        row.pk,
        row.source_id,
        row.source.name,
        row.source_offset,
        bytes(row.payload),
        row.reason,
    )
