"""The states of a version, and the moves between them that are legal."""

from django.db import models


class Status(models.TextChoices):
    QUEUED = "queued"
    TRAINING = "training"
    DEPLOYING = "deploying"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"
    INACTIVE = "inactive"


LEGAL: dict[str, frozenset[str]] = {
    Status.QUEUED: frozenset({Status.TRAINING, Status.FAILED, Status.STOPPED}),
    Status.TRAINING: frozenset({Status.DEPLOYING, Status.FAILED, Status.STOPPED}),
    Status.DEPLOYING: frozenset({Status.READY, Status.FAILED, Status.INACTIVE, Status.STOPPED}),
    Status.READY: frozenset({Status.INACTIVE}),
    Status.INACTIVE: frozenset({Status.DEPLOYING}),
    Status.FAILED: frozenset(),
    Status.STOPPED: frozenset(),
}
# A version in one of these keeps its assistant from being trained again.
TRAINING = (Status.QUEUED, Status.TRAINING)
RUNNING = (*TRAINING, Status.DEPLOYING)
TRAINED = (Status.READY, Status.INACTIVE)


def may_move(old: str, new: str) -> bool:
    return new in LEGAL[old]
