"""Every address of the backend, for every role and for nobody; made from the URL map itself.

What a view may be asked for is what it declares; whether it keeps to that is asked of the view.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.accounts.permissions import HasPermission
from studio.accounts.roles import PERMISSIONS, Permission, Role
from studio.asgi import sockets
from studio.assistants.models import Assistant
from studio.common.query_parameters import declared_parameters
from studio.live.consumers import LiveConsumer
from tests.conftest import AsUser, access_token_of
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
    return route in PUBLIC or route.startswith(SIGN_IN)


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
    return "/" + re.sub(r"<\w+:\w+>", "nothing", filled)


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[route for route, _ in ROUTES])
def test_a_route_declares_what_each_of_its_methods_takes(route: str, pattern: URLPattern) -> None:
    view = view_of(pattern)
    assert view is not None, f"{route} is no REST view: protect it, or say in PUBLIC why not"
    assert view.permission_classes == [HasPermission]
    handlers = {name.upper() for name in view.http_method_names if hasattr(view, name)}
    assert set(view.required_permissions) == handlers - {"OPTIONS", "HEAD"}


def test_the_lists_of_exceptions_hold_nothing_old() -> None:
    known = {route for route, _ in patterns()}
    assert set(PUBLIC) <= known
    assert any(route.startswith(SIGN_IN) for route in known)
    assert len(ROWS) > 80


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("route", "method"), [row[:2] for row in ROWS], ids=[f"{row[1]} {row[0]}" for row in ROWS]
)
def test_an_unknown_query_parameter_is_refused_by_its_name(
    as_user: AsUser, route: str, method: str
) -> None:
    url = address(route) + "?outcomes=completed"
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
