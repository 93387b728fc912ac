"""The nine roles of Studio, the roles of API clients, and what each may do: one table."""

from enum import StrEnum


class Permission(StrEnum):
    ASSISTANT_VIEW = "assistant.view"
    ASSISTANT_CREATE = "assistant.create"
    ASSISTANT_DELETE = "assistant.delete"
    ASSISTANT_PURGE = "assistant.purge"
    CONTENT_EDIT = "content.edit"
    SETTINGS_EDIT = "settings.edit"
    TRAINING_RUN = "training.run"
    ASSISTANT_TRY = "assistant.try"
    CONVERSATION_VIEW = "conversation.view"
    CONVERSATION_REVIEW = "conversation.review"
    CONVERSATION_DELETE = "conversation.delete"
    MODEL_DOWNLOAD = "model.download"
    USER_MANAGE = "user.manage"


class Role(StrEnum):
    """Names as in Keycloak: people's roles are groups of the realm."""

    SUPER_USER = "SuperUser"
    LEAD_ANNOTATOR = "Lead Annotator"
    ANNOTATOR = "Annotator"
    FLOW_BUILDER = "Flow Builder"
    NLU_EDITOR = "NLU Editor"
    BUSINESS_USER = "Business User"
    DEVELOPER = "Developer"
    CONVERSATION_ANALYST = "Conversation Analyst"
    CONVERSATION_VIEWER = "Conversation Viewer"


class ClientRole(StrEnum):
    """Roles of the service account of an API client."""

    MANAGE_CONVERSATIONS = "Manage conversations"
    VIEW_CONVERSATIONS = "View conversations"
    MODEL_DOWNLOAD_URLS = "Model download urls"


# Of Studio as a whole: a role in one assistant does not give them.
OF_STUDIO = frozenset(
    {Permission.ASSISTANT_CREATE, Permission.ASSISTANT_PURGE, Permission.USER_MANAGE}
)

_VIEW = {Permission.ASSISTANT_VIEW}
_BUILD = {
    Permission.ASSISTANT_VIEW,
    Permission.CONTENT_EDIT,
    Permission.TRAINING_RUN,
    Permission.ASSISTANT_TRY,
    Permission.MODEL_DOWNLOAD,
}
_REVIEW = {Permission.CONVERSATION_VIEW, Permission.CONVERSATION_REVIEW}

PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.SUPER_USER: frozenset(Permission),
    Role.LEAD_ANNOTATOR: frozenset(_VIEW),
    Role.ANNOTATOR: frozenset(),
    Role.FLOW_BUILDER: frozenset(_BUILD | {Permission.ASSISTANT_CREATE}),
    Role.NLU_EDITOR: frozenset(_VIEW | {Permission.TRAINING_RUN}),
    Role.BUSINESS_USER: frozenset(_VIEW | {Permission.ASSISTANT_TRY}),
    Role.DEVELOPER: frozenset(
        _BUILD
        | {
            Permission.ASSISTANT_CREATE,
            Permission.ASSISTANT_DELETE,
            Permission.SETTINGS_EDIT,
        }
    ),
    Role.CONVERSATION_ANALYST: frozenset(_VIEW | _REVIEW | {Permission.CONVERSATION_DELETE}),
    Role.CONVERSATION_VIEWER: frozenset(_VIEW | {Permission.CONVERSATION_VIEW}),
    ClientRole.MANAGE_CONVERSATIONS: frozenset(_REVIEW | {Permission.CONVERSATION_DELETE}),
    ClientRole.VIEW_CONVERSATIONS: frozenset({Permission.CONVERSATION_VIEW}),
    ClientRole.MODEL_DOWNLOAD_URLS: frozenset({Permission.MODEL_DOWNLOAD}),
}


def permissions_of_roles(roles: list[str]) -> frozenset[Permission]:
    """Union over `roles`; names that we do not know give nothing."""
    return frozenset().union(*(PERMISSIONS.get(role, frozenset()) for role in roles))


def roles_with(permission: Permission) -> list[str]:
    """Roles of people that hold `permission`, for "ask somebody who is …"."""
    return [role.value for role in Role if permission in PERMISSIONS[role]]
