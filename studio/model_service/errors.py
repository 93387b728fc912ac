"""Expected failures of the model service."""

from studio.common.errors import DomainError


class TooManyTrainings(DomainError):
    code = "too_many_trainings"
    status = 429
    title = "Too many trainings run at the moment"


class TooManyBots(DomainError):
    code = "too_many_bots"
    status = 429
    title = "Too many assistants run at the moment"


class DiskFull(DomainError):
    code = "disk_full"
    status = 507
    title = "The model service has no room left"


class ModelServiceUnavailable(DomainError):
    code = "model_service_unavailable"
    status = 503
    title = "The model service does not answer"
