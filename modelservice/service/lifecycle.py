"""States of a training and of a bot, and which moves are legal."""

from enum import StrEnum


class TrainingState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    ERROR = "error"
    STOPPED = "stopped"


class BotState(StrEnum):
    QUEUED = "queued"  # the process is there, it does not answer yet
    RUNNING = "running"
    STOPPED = "stopped"


_LEGAL: dict[StrEnum, set[StrEnum]] = {
    TrainingState.RUNNING: {TrainingState.DONE, TrainingState.ERROR, TrainingState.STOPPED},
    BotState.QUEUED: {BotState.RUNNING, BotState.STOPPED},
    BotState.RUNNING: {BotState.STOPPED},
}


def may_move(current: StrEnum, wanted: StrEnum) -> bool:
    return wanted in _LEGAL.get(current, set())
