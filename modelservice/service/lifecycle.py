"""States of a training and of a bot, and which moves are legal."""

from enum import StrEnum


class TrainingState(StrEnum):
    QUEUED = "queued"  # waits for a place; only where there is a queue
    RUNNING = "running"
    DONE = "done"
    ERROR = "error"
    STOPPED = "stopped"


class BotState(StrEnum):
    QUEUED = "queued"  # it does not answer yet
    RUNNING = "running"
    STOPPED = "stopped"


_LEGAL: dict[StrEnum, set[StrEnum]] = {
    TrainingState.QUEUED: {
        TrainingState.RUNNING,
        TrainingState.ERROR,
        TrainingState.STOPPED,
    },
    TrainingState.RUNNING: {TrainingState.DONE, TrainingState.ERROR, TrainingState.STOPPED},
    BotState.QUEUED: {BotState.RUNNING, BotState.STOPPED},
    BotState.RUNNING: {BotState.STOPPED},
}


def may_move(current: StrEnum, wanted: StrEnum) -> bool:
    return wanted in _LEGAL.get(current, set())
