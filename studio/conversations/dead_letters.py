"""What could not be stored: kept with its reason, published, given back or thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.conversations.models import DeadLetter

_BATCH = 500


@dataclass(frozen=True, slots=True)
class RejectedEvent:
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
