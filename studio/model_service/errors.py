"""Expected failures of the model service."""

from studio.common.errors import DomainError


class TooManyTrainings(DomainError):
    code = "too_many_trainings"
    status = 429
    title = "Too many trainings run at the moment"
    when = "As many trainings run as the model service takes."
    remedy = "Try again later; `MAX_PARALLEL_TRAININGS` sets the number."


class TooManyBots(DomainError):
    code = "too_many_bots"
    status = 429
    title = "Too many assistants run at the moment"
    when = "As many assistants run as the model service takes."
    remedy = "Stop one, or try again later; `MAX_PARALLEL_BOT_RUNS` sets the number."


class DiskFull(DomainError):
    code = "disk_full"
    status = 507
    title = "The model service has no room left"
    when = "The disk of the model service is full."
    remedy = "Ask who runs Studio to make room."


class ModelServiceUnavailable(DomainError):
    code = "model_service_unavailable"
    status = 503
    title = "The model service does not answer"
    when = "The model service does not answer."
    remedy = "Try again; if it lasts, tell who runs Studio."
