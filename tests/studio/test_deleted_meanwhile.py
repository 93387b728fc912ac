"""What another request deletes after this one has read it is gone, which is no defect."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import Model
from django.db.models.signals import post_init
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.accounts.roles import Role
from studio.assistants.models import Member
from studio.content.models import Branch
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db


@contextmanager
def deleted_once_read(row: Model) -> Iterator[None]:
    kind, waiting = type(row), True

    def delete(instance: Model, **_: Any) -> None:
        nonlocal waiting
        if waiting and instance.pk == row.pk:
            waiting = False
            kind._default_manager.filter(pk=row.pk).delete()

    post_init.connect(delete, sender=kind)
    try:
        yield
    finally:
        post_init.disconnect(delete, sender=kind)
    assert not waiting, "it was never read"


@pytest.fixture
def rows(api_client: APIClient, base: str, as_user: AsUser) -> dict[str, Model]:
    as_user(Role.ANNOTATOR, username="ana")
    for address, body in (
        (f"{base}members/", {"username": "ana", "role": "Developer"}),
        (f"{base}branches/", {"name": "summer"}),
    ):
        assert api_client.post(address, body, "json").status_code == 201
    return {
        "person": User.objects.get(username="ana"),
        "member": Member.objects.get(),
        "branch": Branch.objects.get(name="summer"),
    }


@pytest.mark.parametrize(
    ("name", "address", "body"),
    [
        ("person", "/api/v1/users/{pk}/", {"roles": ["Developer"]}),
        ("person", "/api/v1/users/{pk}/", {"is_active": False}),
        ("person", "/api/v1/users/{pk}/", {"password": "correct horse battery"}),
        ("member", "{base}members/{pk}/", {"role": "Annotator"}),
        ("branch", "{base}branches/summer/", {"name": "winter"}),
    ],
)
def test_a_change_of_it_answers_404(
    api_client: APIClient,
    base: str,
    rows: dict[str, Model],
    name: str,
    address: str,
    body: dict[str, Any],
) -> None:
    row = rows[name]
    address = address.format(pk=row.pk, base=base)
    with deleted_once_read(row):
        answer = api_client.patch(address, body, "json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
