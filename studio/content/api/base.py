"""What the views of content have in common."""

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from modelservice.project.model import Kind
from studio.accounts.api.base import SEARCH, view_and_edit
from studio.accounts.roles import Permission
from studio.accounts.tokens import client_of
from studio.assistants.api.base import AssistantView
from studio.common.errors import Invalid
from studio.content.models import MAIN, Branch, Door
from studio.content.selectors.items import branch_get
from studio.content.services.write import Author

FLOWS = OpenApiParameter("flows", str, description="Flow ids, comma-separated")
# What stands for `{one}` and `{many}` in the descriptions of operations that kinds share.
_WORDS: dict[Kind | None, tuple[str, str]] = {
    Kind.FLOW: ("a flow", "flows"),
    Kind.SYSTEM_FLOW: ("a system flow", "system flows"),
    Kind.RESPONSE: ("a response", "responses"),
    Kind.SLOT: ("a slot", "slots"),
    Kind.ACTION: ("an action", "custom actions"),
    Kind.INTENT: ("an intent", "intents"),
    Kind.ENTITY: ("an entity", "entities"),
    Kind.PROMPT: ("a prompt", "prompts"),
    Kind.NLU: ("a list of words", "lists of words"),
    Kind.CONFIG: ("config.yml", ""),
    Kind.ENDPOINTS: ("endpoints.yml", ""),
}
DELETED = OpenApiParameter("deleted", bool, description="Deleted ones instead")
REVISION = OpenApiParameter(
    "revision", {"type": "integer", "minimum": 0}, description="The revision that was read"
)
BRANCH = OpenApiParameter("branch", str, description="Name of a branch; main by default")


class ContentView(AssistantView):
    """A view of the content of one branch (`?branch=`)."""

    # Of every method; read by `studio.common.schema`.
    common_parameters = [BRANCH]

    @property
    def words(self) -> dict[str, str]:
        one, many = _WORDS.get(getattr(self, "kind", None), ("", ""))
        return {"one": one, "many": many}

    def branch(self) -> Branch:
        return branch_get(self.entered.pk, self.word("branch", MAIN))

    def revision(self) -> int | None:
        raw = self.word("revision")
        if raw and not raw.isdecimal():
            raise Invalid("revision must be a whole number.")
        return int(raw) if raw else None

    def author(self, message: str = "", door: Door | None = None) -> Author:
        settings_too = self.may(Permission.SETTINGS_EDIT)
        door = door or door_of(self.request)
        return Author(self.person, door, message, may_change_settings=settings_too)


def door_of(request: Request) -> Door:
    """Tokens of the browser's client come from the web client, others from programs."""
    client = client_of(str(request.auth))
    return Door.BROWSER if client == settings.KEYCLOAK_CLIENT_ID else Door.REST


__all__ = ["BRANCH", "DELETED", "FLOWS", "REVISION", "SEARCH", "ContentView", "view_and_edit"]
