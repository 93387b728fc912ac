"""Every address of the backend, for every role and for nobody; made from the URL map itself.

What a view may be asked for is what it declares; whether it keeps to that is asked of the view.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.accounts.permissions import HasPermission
from studio.accounts.roles import OF_STUDIO, PERMISSIONS, Permission, Role
from studio.accounts.scopes import PERMISSIONS_OF_SCOPES, Scope
from studio.asgi import sockets
from studio.assistants.api.base import MayEnter
from studio.assistants.models import Assistant, Member
from studio.common.query_parameters import declared_parameters
from studio.conversations.models import Conversation
from studio.live.consumers import LiveConsumer
from tests.conftest import AsUser, access_token_of, with_personal_token
from tests.studio.live.test_live import client_of, opened, server, socket

__all__ = ["server"]  # a fixture of both

# Addresses that anybody may call, each for a reason.
PUBLIC = {
    "api/health": "probes have no account",
    "api/schema/": "describes the API, holds nothing",
    "api/docs/": "shows the description",
}
# Signing in cannot ask one to be signed in; these check passwords, codes and tokens.
SIGN_IN = "auth/"
# Its fields have a table of their own: `tests/studio/graphql/test_permissions.py` asks each role.
GRAPHQL = {"api/graphql/", "api/graphql"}
# Sockets that are not the live one: the model service checks the token in its first frame
# (`test_chat_bridge_lets_in_who_may_try` holds its roles to ours).
PASSED_ON = {"talk/"}
NOBODY, NO_ROLE = "nobody", "no role"
WHO = [NOBODY, NO_ROLE, *PERMISSIONS]


def patterns(
    resolver: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield route, pattern


def is_public(route: str) -> bool:
    return route in PUBLIC or route in GRAPHQL or route.startswith(SIGN_IN)


def view_of(pattern: URLPattern) -> Any:
    return getattr(pattern.callback, "cls", None)


ROUTES = [(route, pattern) for route, pattern in patterns() if not is_public(route)]
ROWS = [
    (route, method, permission)
    for route, pattern in ROUTES
    for method, permission in getattr(view_of(pattern), "required_permissions", {}).items()
]


def address(route: str) -> str:
    """An address of the route where there is nothing."""
    filled = re.sub(r"<uuid:\w+>", str(uuid.uuid4()), route)
    filled = re.sub(r"<int:\w+>", "999999", filled)
    return "/" + re.sub(r"<\w+:\w+>", "nothing", filled)


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[route for route, _ in ROUTES])
def test_a_route_declares_what_each_of_its_methods_takes(route: str, pattern: URLPattern) -> None:
    view = view_of(pattern)
    assert view is not None, f"{route} is no REST view: protect it, or say in PUBLIC why not"
    [permission_class] = view.permission_classes
    assert issubclass(permission_class, HasPermission)
    assert ("<uuid:assistant_id>" in route) == (permission_class is MayEnter)
    handlers = {name.upper() for name in view.http_method_names if hasattr(view, name)}
    assert set(view.required_permissions) == handlers - {"OPTIONS", "HEAD"}


def test_the_lists_of_exceptions_hold_nothing_old() -> None:
    known = {route for route, _ in patterns()}
    assert set(PUBLIC) | GRAPHQL <= known
    assert any(route.startswith(SIGN_IN) for route in known)
    assert len(ROWS) > 80


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("route", "method"), [row[:2] for row in ROWS], ids=[f"{row[1]} {row[0]}" for row in ROWS]
)
def test_an_unknown_query_parameter_is_refused_by_its_name(
    as_user: AsUser, route: str, method: str
) -> None:
    # The door is asked first: whoever may not enter learns nothing of parameters.
    assistant = Assistant.objects.create(name="A")
    url = address(route.replace("<uuid:assistant_id>", str(assistant.pk))) + "?outcomes=completed"
    body = "{}" if method in {"POST", "PUT", "PATCH"} else ""
    answer = as_user(Role.SUPER_USER).generic(method, url, body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "'outcomes'" in answer.json()["detail"]


def test_what_is_taken_is_what_the_description_says() -> None:
    """Both ways: nothing that is described is refused, and nothing else is taken."""
    described: dict[tuple[str, str], set[str]] = {}
    generator: Any = SchemaGenerator
    for path, methods in generator().get_schema(request=None, public=True)["paths"].items():
        for method, operation in methods.items():
            names = {
                each["name"] for each in operation.get("parameters", []) if each["in"] == "query"
            }
            described[re.sub(r"\{\w+\}", "*", path), method.upper()] = names
    views = {re.sub(r"<\w+:\w+>", "*", "/" + route): view_of(each) for route, each in ROUTES}
    rows = {(re.sub(r"<\w+:\w+>", "*", "/" + route), method) for route, method, _ in ROWS}
    assert {
        (path, method): set(declared_parameters(views[path], method)) for path, method in rows
    } == {key: names for key, names in described.items() if key in rows}


@pytest.fixture
def people(db: None, as_user: AsUser) -> dict[str, APIClient]:
    clients = {name: as_user(name, username=f"a {name}") for name in PERMISSIONS}
    return {NOBODY: APIClient(), NO_ROLE: as_user(username="a guest"), **clients}


def expected(who: str, permission: Permission | None) -> str:
    if who == NOBODY:
        return "not signed in"
    held = permission is None or permission in PERMISSIONS.get(who, ())
    return "allowed" if held else "refused"


def outcome(answer: Any, permission: Permission | None) -> str:
    if answer.status_code == 401:
        return "not signed in"
    if answer.status_code != 403:
        return "allowed"
    return "refused" if answer.json()["permission"] == permission else f"other {answer.json()}"


@pytest.mark.parametrize(
    ("route", "method", "permission"), ROWS, ids=[f"{row[1]} {row[0]}" for row in ROWS]
)
def test_every_role_at_every_route(
    people: dict[str, APIClient], route: str, method: str, permission: Permission | None
) -> None:
    url = address(route)
    seen = {
        who: outcome(client.generic(method, url, "{}", "application/json"), permission)
        for who, client in people.items()
    }
    assert seen == {who: expected(who, permission) for who in WHO}


@pytest.mark.parametrize("scope", list(Scope))
def test_every_scope_at_every_route(people: dict[str, APIClient], scope: Scope) -> None:
    """A token of somebody who may do everything does what it is for, and nothing else."""
    program = with_personal_token(people[Role.SUPER_USER], scope)
    for route, pattern in ROUTES:
        view = view_of(pattern)
        for method, permission in view.required_permissions.items():
            answer = ask(program, method, address(route))
            if method in getattr(view, "not_with_personal_token", ()):
                assert answer.json()["code"] == "not_with_personal_token", (route, method)
                continue
            held = permission is None or permission in PERMISSIONS_OF_SCOPES[scope]
            wanted = "allowed" if held else "refused"
            assert outcome(answer, permission) == wanted, (route, method)
            assert held or scope not in answer.json()["scopes"]


def test_what_takes_people_only() -> None:
    """Tokens, passwords and roles are given by somebody who has signed in."""
    closed = {
        (route.removeprefix("api/v1/"), method)
        for route, pattern in ROUTES
        for method in getattr(view_of(pattern), "not_with_personal_token", ())
    }
    assert closed == {
        ("me/account/", "PATCH"),
        ("me/password/", "POST"),
        ("me/tokens/", "GET"),
        ("me/tokens/", "POST"),
        ("me/tokens/options/", "GET"),
        ("me/tokens/<uuid:token_id>/", "DELETE"),
        ("tokens/", "GET"),
        ("tokens/<uuid:token_id>/", "DELETE"),
        ("users/", "POST"),
        ("users/<uuid:person_id>/", "PATCH"),
        ("users/<uuid:person_id>/", "DELETE"),
        ("users/<uuid:person_id>/sign-out/", "POST"),
        ("users/<uuid:person_id>/invite/", "POST"),
        ("assistants/<uuid:assistant_id>/deleted/", "DELETE"),
        ("assistants/<uuid:assistant_id>/members/", "POST"),
        ("assistants/<uuid:assistant_id>/members/<int:member_id>/", "PATCH"),
        ("assistants/<uuid:assistant_id>/members/<int:member_id>/", "DELETE"),
    }


def test_a_forbidden_object_looks_like_an_absent_one(
    people: dict[str, APIClient], base: str
) -> None:
    """Whoever may not look cannot tell by the answer what there is."""
    assistant = Assistant.objects.get()
    flow = people[Role.SUPER_USER].get(f"{base}flows/").json()["results"][0]["id"]
    kinds = {"assistants/<uuid:assistant_id>/flows/<path:item_id>/": flow}
    rows = [row for row in ROWS if "<uuid:assistant_id>" in row[0]]
    for route, method, permission in rows:
        for who, client in people.items():
            if expected(who, permission) == "allowed":
                continue
            there = route.replace("<uuid:assistant_id>", str(assistant.pk))
            item = kinds.get(route.removeprefix("api/v1/"), "nothing")
            there = re.sub(r"<path:\w+>", item, there)
            answers = [
                client.generic(method, url, "{}", "application/json")
                for url in (address(there), address(route))
            ]
            assert answers[0].status_code == answers[1].status_code in (401, 403)
            assert answers[0].content == answers[1].content


IN_ASSISTANT = [row for row in ROWS if "<uuid:assistant_id>" in row[0]]


@pytest.fixture
def closed(people: dict[str, APIClient], base: str, as_user: AsUser) -> dict[str, APIClient]:
    """The assistant is closed but for members: a person for each role, who has none elsewhere;
    and a group."""
    assistant = Assistant.objects.get()
    Assistant.objects.update(members_only=True)
    clients = {}
    for role in Role:
        clients[role.value] = client = as_user(username=f"member as {role}")
        Member.objects.create(assistant=assistant, user=client.user, role=role)  # type: ignore[attr-defined]  # fixture
    Member.objects.create(assistant=assistant, group=Role.NLU_EDITOR, role=Role.DEVELOPER)
    return clients


def ask(client: APIClient, method: str, url: str) -> Any:
    """Whatever it does is taken back."""
    with transaction.atomic():
        answer = client.generic(method, url, "{}", "application/json")
        if not getattr(answer, "streaming", False):
            answer.content  # noqa: B018  rendered before the database is as it was
        transaction.set_rollback(True)
    return answer


@pytest.mark.timeout(300)
def test_every_member_at_every_route_of_an_assistant(
    people: dict[str, APIClient], closed: dict[str, APIClient]
) -> None:
    assistant = Assistant.objects.get()
    # Everybody who is a NLU editor in Studio is a developer here.
    members = {**closed, Role.DEVELOPER: people[Role.NLU_EDITOR]}
    strangers = [who for who in people if who not in {Role.SUPER_USER, Role.NLU_EDITOR}]
    for route, method, permission in IN_ASSISTANT:
        assert permission is not None
        elsewhere = address(route)
        there = address(route.replace("<uuid:assistant_id>", str(assistant.pk)))
        for role, client in members.items():
            held = permission in PERMISSIONS[role] - OF_STUDIO
            wanted = "allowed" if held else "refused"
            assert outcome(ask(client, method, there), permission) == wanted, (route, role)
        # To all others it is as if there were none; super users see everything.
        for who in strangers:
            answers = [ask(people[who], method, url) for url in (there, elsewhere)]
            assert answers[0].status_code == answers[1].status_code in (401, 403, 404)
            assert answers[0].content == answers[1].content
        seen = outcome(ask(people[Role.SUPER_USER], method, there), permission)
        assert seen == "allowed", route


def test_lists_show_what_members_may_see(
    people: dict[str, APIClient], closed: dict[str, APIClient]
) -> None:
    def seen(client: APIClient, path: str) -> int:
        return len(client.get(f"/api/v1/{path}").json().get("results", []))

    assistant = Assistant.objects.get()
    now = timezone.now()
    Conversation.objects.create(
        assistant=assistant, sender_id="s", started_at=now, last_event_at=now
    )
    for role, client in closed.items():
        held = PERMISSIONS[role]
        assert seen(client, "assistants/") == (Permission.ASSISTANT_VIEW in held), role
        assert seen(client, "conversations/") == (Permission.CONVERSATION_VIEW in held), role
    assert seen(people[Role.CONVERSATION_ANALYST], "conversations/") == 0
    assert seen(people[Role.DEVELOPER], "assistants/") == 0
    assert seen(people[Role.SUPER_USER], "assistants/") == 1


def test_every_socket_is_known() -> None:
    for pattern in sockets():
        route = str(pattern.pattern).lstrip("^")
        consumer = getattr(pattern.callback, "consumer_class", object)
        passed_on = any(route.startswith(name) for name in PASSED_ON)
        assert passed_on or issubclass(consumer, LiveConsumer), f"{route}: test who may use it"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", [name for name in WHO if name != NOBODY])
async def test_every_role_at_the_live_socket(who: str) -> None:
    _client, token = await client_of(*([] if who == NO_ROLE else [who]))
    live = await opened(token)
    for assistant in ("*", str(uuid.uuid4())):
        await live.send_json_to({"type": "subscribe", "assistant": assistant})
        answer = await live.receive_json_from()
        held = LiveConsumer.required_permission in PERMISSIONS.get(who, ())
        wanted = "subscribed" if held else "permission_denied"
        assert answer.get("code", answer["type"]) == wanted
    await live.disconnect()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["subscribe", "ping"])
async def test_nobody_at_the_live_socket(first: str) -> None:
    live: WebsocketCommunicator = socket()
    await live.connect()
    await live.send_json_to({"type": first, "assistant": "*"})
    assert await live.receive_output() == {"type": "websocket.close", "code": 4401}


def test_a_person_who_lost_a_role_loses_its_rights_at_once(db: None) -> None:
    user = User.objects.create(username="ana", roles=[Role.DEVELOPER])
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {access_token_of(user)}")
    assert client.get("/api/v1/assistants/").status_code == 200
    User.objects.update(roles=[])
    assert client.get("/api/v1/assistants/").status_code == 403
