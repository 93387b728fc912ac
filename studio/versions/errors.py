"""Expected failures of trainings and bots."""

from studio.common.errors import DomainError


class TrainingRunning(DomainError):
    code = "training_running"
    status = 409
    title = "A training is running"
    when = "A training of this branch is running."
    remedy = "Wait until its version is `ready`, `failed` or `stopped`, or stop it."


class FlowHasErrors(DomainError):
    """`problems` lists them, in the shape of validation."""

    code = "flow_has_errors"
    status = 409
    title = "Some flows have errors"
    when = "A flow that is to be trained has errors."
    remedy = "Correct what `problems` lists, or train other flows."
    members = {
        "problems": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Problem"},
            "description": "The errors of these flows, as in validation",
        }
    }


class NotPossibleNow(DomainError):
    code = "in_use"
    status = 409
    title = "This is not possible now"
    when = "The version is in a state in which this cannot be done."
    remedy = "Wait for the state that `detail` names, or stop the version first."


class TrainAgain(DomainError):
    code = "train_again"
    status = 409
    title = "It has to be trained again"
    when = "The version was trained by another release, whose models this one does not run."
    remedy = "Train it again: `versions/{id}/train/` makes a new version of the same content."


class TestsNotOffered(DomainError):
    code = "tests_not_offered"
    status = 501
    title = "Tests cannot be run here"
    when = "The model service in use runs no tests."
    remedy = "Run them with Rasa's own command line."


class TestsRefused(DomainError):
    code = "tests_refused"
    status = 409
    title = "The tests cannot be run"
    when = "The tests or the version are not such that they can be run."
    remedy = "Correct what `detail` names."
