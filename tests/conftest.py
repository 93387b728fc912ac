"""Fixtures of the whole suite."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.accounts.roles import Role
from studio.identity import services, tokens

AsUser = Callable[..., APIClient]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take long begins first, so that no worker is left alone with it at the end."""
    items.sort(key=_time_limit, reverse=True)


def _time_limit(item: pytest.Item) -> float:
    """In seconds, of a test that has one of its own; else 0."""
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark is not None and mark.args else 0


@pytest.fixture(autouse=True, scope="session")
def no_language_model() -> None:
    """The samples ask one where there is a key, and a developer's own would be paid for."""
    os.environ.pop("OPENAI_API_KEY", None)


@pytest.fixture(autouse=True, scope="session")
def no_permissions_of_django() -> None:
    """Each test that commits ends with a flush, and a flush writes Django's permissions anew:
    Studio asks for none of them."""
    post_migrate.disconnect(
        create_permissions, dispatch_uid="django.contrib.auth.management.create_permissions"
    )
    post_migrate.disconnect(create_contenttypes)


def access_token_of(user: User) -> str:
    """A token as the embedded identity issues it, signed with the suite's own key."""
    sign_in = services.sign_in_start(user=user, client_id="rasa-studio-backend", scope="openid")
    answer = tokens.issue(
        user=user, client_id="rasa-studio-backend", scope="openid", sign_in=sign_in
    )
    return str(answer["access_token"])


def with_personal_token(owner: APIClient, *scopes: str, **body: Any) -> APIClient:
    """A program with a personal access token of the person of `owner`; `.token` is the token."""
    wanted = {"name": f"for {', '.join(scopes)}", "scopes": scopes, **body}
    answer = owner.post("/api/v1/me/tokens/", wanted, "json")
    assert answer.status_code == 201, answer.json()
    token = answer.json()["token"]
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
    client.token, client.token_id = token, answer.json()["id"]  # type: ignore[attr-defined]  # for the tests' own use
    return client


@pytest.fixture
def as_user(db: None) -> AsUser:
    """`as_user("Flow Builder")` is an API client of a person with these roles; `.user` is who."""

    def make(*roles: str, username: str = "") -> APIClient:
        name = username or f"person-{User.objects.count() + 1}"
        user = User.objects.create(
            username=name, name=name.title(), roles=[str(role) for role in roles]
        )
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {access_token_of(user)}")
        client.user = user  # type: ignore[attr-defined]  # for the tests' own use
        return client

    return make


@pytest.fixture
def api_client(as_user: AsUser) -> APIClient:
    """An API client of a super user."""
    return as_user(Role.SUPER_USER, username="super")
