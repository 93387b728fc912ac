"""What a personal access token may be for, in words that people choose from: one table."""

from collections.abc import Iterable
from enum import StrEnum

from studio.accounts.roles import Permission


class Scope(StrEnum):
    READ = "read"
    CONTENT = "content"
    TRAINING = "training"
    MODELS = "models"
    CONVERSATIONS_READ = "conversations.read"
    CONVERSATIONS = "conversations"
    ADMINISTRATION = "administration"


_VIEW = Permission.ASSISTANT_VIEW
_SEE = Permission.CONVERSATION_VIEW

# Each can be used by itself: whoever edits has to read. No scope gives what its person may not do.
PERMISSIONS_OF_SCOPES: dict[Scope, frozenset[Permission]] = {
    Scope.READ: frozenset({_VIEW}),
    Scope.CONTENT: frozenset({_VIEW, Permission.ASSISTANT_CREATE, Permission.CONTENT_EDIT}),
    Scope.TRAINING: frozenset({_VIEW, Permission.TRAINING_RUN, Permission.ASSISTANT_TRY}),
    Scope.MODELS: frozenset({_VIEW, Permission.MODEL_DOWNLOAD}),
    Scope.CONVERSATIONS_READ: frozenset({_SEE}),
    Scope.CONVERSATIONS: frozenset(
        {_SEE, Permission.CONVERSATION_REVIEW, Permission.CONVERSATION_DELETE}
    ),
    Scope.ADMINISTRATION: frozenset(
        {_VIEW, Permission.ASSISTANT_DELETE, Permission.SETTINGS_EDIT, Permission.USER_MANAGE}
    ),
}

ABOUT_SCOPES: dict[Scope, str] = {
    Scope.READ: "see assistants, their content and versions",
    Scope.CONTENT: "create, import and change assistants",
    Scope.TRAINING: "train, start and stop versions, run tests",
    Scope.MODELS: "download trained models",
    Scope.CONVERSATIONS_READ: "read conversations",
    Scope.CONVERSATIONS: "read, tag, review and delete conversations",
    Scope.ADMINISTRATION: "change settings, delete assistants, see people and the activity record",
}


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    """Union over `scopes`; names that we do not know (any more) give nothing."""
    known = [Scope(name) for name in scopes if name in set(Scope)]
    return frozenset().union(*(PERMISSIONS_OF_SCOPES[scope] for scope in known))


def scopes_with(permission: Permission) -> list[str]:
    return [scope.value for scope, held in PERMISSIONS_OF_SCOPES.items() if permission in held]
