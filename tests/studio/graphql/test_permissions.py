"""Every field of the root types, for every role and for nobody."""

import uuid
from typing import Any

import pytest
from graphql import build_schema
from rest_framework.test import APIClient

from studio.accounts.roles import PERMISSIONS as OF_ROLES
from studio.graphql.permissions import PERMISSIONS
from studio.graphql.schema import schema
from tests.conftest import AsUser
from tests.studio.graphql.conftest import posting

pytestmark = pytest.mark.django_db
_PUBLISHED = build_schema(schema.as_str())
QUERY = _PUBLISHED.query_type.fields if _PUBLISHED.query_type else {}
MUTATION = _PUBLISHED.mutation_type.fields if _PUBLISHED.mutation_type else {}
NO_ID = str(uuid.UUID(int=0))
_BOTH = {"conversationId": NO_ID, "tagId": NO_ID}
# Field → its input, and what of its answer is asked for. Nothing of all this is there.
FIELDS: dict[str, tuple[dict[str, Any] | None, str]] = {
    "licenseDetails": (None, "{ valid }"),
    "assistantByName": ({"assistantName": "none"}, "{ __typename }"),
    "exportAsEncodedYaml": ({"assistantName": "none"}, "{ __typename }"),
    "uploadModernAssistant": ({"assistantName": "none"}, ""),
    "importFromEncodedYaml": ({"assistantName": "a/b", "domain": "e30=", "nlu": ""}, ""),
    "deleteAssistant": ({"assistantId": NO_ID}, "{ __typename }"),
    "rawConversations": ({"assistantName": "none"}, "{ count }"),
    "conversationTags": ({"assistantName": "none"}, "{ id }"),
    "addConversationTagToConversation": (_BOTH, ""),
    "removeConversationTagFromConversation": (_BOTH, ""),
    "deleteConversations": ({"conversationIds": [NO_ID]}, ""),
    "modelDownloadUrls": ({"assistantId": NO_ID}, "{ modelFileUrl }"),
}


def operation(name: str) -> dict[str, Any]:
    given, selection = FIELDS[name]
    kind = "mutation" if name in MUTATION else "query"
    if given is None:
        return {"query": f"{kind} {{ {name} {selection} }}"}
    input_type = {**QUERY, **MUTATION}[name].args["input"].type
    query = f"{kind}($input: {input_type}) {{ {name}(input: $input) {selection} }}"
    return {"query": query, "variables": {"input": given}}


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


def test_every_field_is_in_the_tables() -> None:
    known = QUERY.keys() | MUTATION.keys()
    assert set(PERMISSIONS) == known
    assert set(FIELDS) == known


@pytest.mark.parametrize("role", [*OF_ROLES, "nobody we know"])
def test_what_a_role_does_not_hold_is_refused(as_user: AsUser, role: str) -> None:
    post = posting(as_user(role))
    held = OF_ROLES.get(role, frozenset())
    for name, permission in PERMISSIONS.items():
        status, answer = post(operation(name))
        assert status == 200
        refused = "permission_denied" in codes(answer)
        # To make an assistant is a permission of its own.
        makes = name in {"importFromEncodedYaml", "uploadModernAssistant"}
        may = permission is None or permission in held
        assert refused is not may or (makes and refused), (name, answer)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nothing", "Basic YTpi", "bearer a.b.c"])
def test_nobody_may_ask_anything(header: str, db: None) -> None:
    client = APIClient(HTTP_AUTHORIZATION=header) if header else APIClient()
    for name in FIELDS:
        status, answer = posting(client)(operation(name))
        assert (status, codes(answer), answer["data"]) == (200, ["not_authenticated"], None)


def test_an_assistant_that_is_closed_looks_absent(as_user: AsUser) -> None:
    owner = as_user("SuperUser")
    made = owner.post("/api/v1/assistants/", {"name": "closed"}, format="json").json()
    closed = owner.patch(f"/api/v1/assistants/{made['id']}/", {"members_only": True}, format="json")
    assert closed.status_code == 200
    ask = operation("assistantByName")
    ask["variables"]["input"]["assistantName"] = "closed"
    for client, found in ((owner, "Assistant"), (as_user("Developer"), None)):
        _status, answer = posting(client)(ask)
        name = answer["data"]["assistantByName"]["__typename"]
        assert name == (found or "AssistantByName_AssistantNotFound")
    taken = {"assistantName": "closed", "domain": "c2xvdHM6IHt9Cg==", "flows": None}
    upload = {**operation("uploadModernAssistant"), "variables": {"input": taken}}
    _status, answer = posting(as_user("Developer"))(upload)
    assert answer["errors"], "nothing is made, and nothing is pushed"
