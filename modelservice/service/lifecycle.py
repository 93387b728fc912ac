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


# Two tables: members of two StrEnums with the same text are the same key.
_TRAINING: dict[TrainingState, set[TrainingState]] = {
    TrainingState.QUEUED: {
        TrainingState.RUNNING,
        TrainingState.ERROR,
        TrainingState.STOPPED,
    },
    TrainingState.RUNNING: {TrainingState.DONE, TrainingState.ERROR, TrainingState.STOPPED},
}
_BOT: dict[BotState, set[BotState]] = {
    BotState.QUEUED: {BotState.RUNNING, BotState.STOPPED},
    BotState.RUNNING: {BotState.STOPPED},
}


def training_may_move(current: TrainingState, wanted: TrainingState) -> bool:
    return wanted in _TRAINING.get(current, set())


def bot_may_move(current: BotState, wanted: BotState) -> bool:
    return wanted in _BOT.get(current, set())
