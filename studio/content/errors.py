"""Expected failures of content."""

from typing import Any

from modelservice.project.errors import ProjectError
from studio.common.errors import DomainError

_SHAPES = "#/components/schemas/"
_EDITED = ("Flow", "Response", "Slot", "Named", "Prompt", "Nlu", "File", "Test")
_CONFLICTS = {
    "type": "array",
    "items": {"$ref": f"{_SHAPES}FieldConflict"},
    "description": "Each field that both sides changed",
}


class RevisionConflict(DomainError):
    """Both sides changed one field. `current` carries the stored item in the shape of GET, and
    `conflicts` each such field with base, mine and theirs; nothing is overwritten silently."""

    code = "revision_conflict"
    status = 409
    title = "Somebody else changed this in the meantime"
    when = "Somebody changed the same field after the revision that you sent (without `If-Match`)."
    remedy = (
        "Look at `conflicts` (pointer, base, mine, theirs) and `current`, decide, and "
        "send the result with the revision of `current`."
    )
    members = {
        "current": {
            "anyOf": [
                *({"$ref": f"{_SHAPES}{kind}Detail"} for kind in _EDITED),
                {"$ref": f"{_SHAPES}Text"},
                {"type": "null"},
            ],
            "description": "What is stored, as reading it answers; null: it is gone",
        },
        "merged": {"description": "The body with both changes together; in a conflict stands mine"},
        "conflicts": _CONFLICTS,
    }


class PreconditionFailed(DomainError):
    """`revision` is what is stored."""

    code = "precondition_failed"
    status = 412
    title = "It is not at the revision that you named"
    when = "The request has `If-Match`, and somebody changed the item since."
    remedy = "Read it again, decide, and send the result with its new `ETag`."
    members = {"revision": {"type": "integer", "description": "What it is at"}}


class MergeConflict(DomainError):
    """Two branches changed the same fields; `conflicts` lists them."""

    code = "merge_conflict"
    status = 409
    title = "The two branches changed the same fields"
    when = "Both branches changed the same fields, and the request does not decide them."
    remedy = "Decide each of `conflicts` and send it in `resolutions`."
    members = {"conflicts": _CONFLICTS}


class PushRefused(DomainError):
    """Others changed the same fields since the sender last pulled or pushed.

    `sentences` name each such field; `address` is the page where it is decided.
    """

    code = "push_refused"
    status = 409
    title = "Others changed the same"
    when = "Others changed the same fields since you last pulled or pushed."
    remedy = "Open `address`, where each of `sentences` is decided, or pull and push again."
    members = {
        "sentences": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What both changed, in words",
        },
        "branch": {"type": "string", "description": "Where the push is kept until it is decided"},
        "address": {"type": "string", "description": "The page where it is decided"},
    }


class BranchProtected(DomainError):
    code = "branch_protected"
    status = 409
    title = "The branch is protected"
    when = "The branch takes no changes but merges."
    remedy = "Change another branch and merge it, or ask for the protection to be lifted."


class InUse(DomainError):
    code = "in_use"
    status = 409
    title = "This is still in use"
    when = "Something still refers to what is to be deleted, or it is busy."
    remedy = "Change what `used_by` or `detail` names first, or try again when it is done."
    members = {
        "used_by": {
            "type": "array",
            "items": {"$ref": f"{_SHAPES}Place"},
            "description": "The flows, and their steps, that refer to it",
        }
    }


class ImportFailed(DomainError):
    code = "import_failed"
    status = 400
    title = "The project cannot be imported"
    when = "The uploaded project cannot be read."
    remedy = (
        "Correct what `errors` name (file, line, item), and upload it again. Nothing was saved."
    )


class GitFailed(DomainError):
    code = "git_failed"
    status = 400
    title = "The repository cannot be fetched"
    when = "The address is not one that may be asked, or nothing came from it in its bounds."
    remedy = "Correct the address, branch, folder or token that `detail` names. Nothing was saved."


def import_failed(error: ProjectError) -> ImportFailed:
    """With every finding: file, line and item as far as they are known."""
    errors: Any = [finding.as_dict() for finding in error.findings]
    return ImportFailed(error.findings[0].message, errors=errors)


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    title = "This is too large"
    when = "A body, file or item is larger than is taken."
    remedy = "Send less; `detail` names the limit."


class ExampleChanged(DomainError):
    code = "example_changed"
    status = 409
    title = "Somebody else changed this example in the meantime"
    when = "An example that is to be changed is not there any more in the words that you sent."
    remedy = "Read the examples of the intent again, and change what is there now."


class ModelNotAsked(DomainError):
    code = "language_model_not_asked"
    status = 409
    title = "The language model cannot be asked"
    when = "The files name no language model, or one that cannot be asked as they say."
    remedy = "Correct what `detail` names, on the page of the language model or in the file."


class ActionServerNotAsked(DomainError):
    code = "action_server_not_asked"
    status = 409
    title = "The action server cannot be asked"
    when = "endpoints.yml names no action server, or one that assistants may not reach."
    remedy = "Correct what `detail` names, on the page of custom actions or in the file."


class TooManyTries(DomainError):
    code = "too_many_tries"
    status = 429
    title = "Too many people try their settings"
    when = "As many tries run as the model service takes."
    remedy = "Try again in a moment."
