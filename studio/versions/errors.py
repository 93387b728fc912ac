"""Expected failures of trainings and bots."""

from studio.common.errors import DomainError


class TrainingRunning(DomainError):
    code = "training_running"
    status = 409
    title = "A training is running"


class FlowHasErrors(DomainError):
    """`problems` lists them, in the shape of validation."""

    code = "flow_has_errors"
    status = 409
    title = "Some flows have errors"


class NotPossibleNow(DomainError):
    code = "in_use"
    status = 409
    title = "This is not possible now"


class TestsNotOffered(DomainError):
    code = "tests_not_offered"
    status = 501
    title = "Tests cannot be run here"


class TestsRefused(DomainError):
    code = "tests_refused"
    status = 409
    title = "The tests cannot be run"
