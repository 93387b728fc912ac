"""Guessing names and passwords: what it costs, what it tells, what it leaves behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone

from studio.accounts import services
from studio.accounts.models import User
from studio.audit.models import Action, Entry
from studio.identity.models import FailedSignIns

TOKEN = "/auth/realms/rasa-studio/protocol/openid-connect/token"
PASSWORD = "a long enough one"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ana() -> User:
    return services.user_create(
        username="ana", password=PASSWORD, roles=["Flow Builder"], name="Ana", email="ana@x.example"
    )


def attempt(name: str, password: str = "not it", address: str = "10.0.0.1") -> int:
    form = {"grant_type": "password", "client_id": "admin-cli"}
    credentials = {"username": name, "password": password}
    client = Client(REMOTE_ADDR=address)
    return int(client.post(TOKEN, {**form, **credentials}).status_code)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each password that is hashed."""
    made: list[str] = []
    encode: Callable[..., str] = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        made.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return made


def test_each_name_costs_one_hash(hashes: list[str], ana: User) -> None:
    for name in ("twin", "other"):
        User.objects.create(username=name, email="twin@x.example", roles=[])
    User.objects.create(username="never", roles=[])  # has no password
    locked = services.user_create(username="locked", password=PASSWORD, roles=[], name="")
    User.objects.filter(pk=locked.pk).update(is_active=False)
    names = ["ana", "ANA@x.example", "nobody", "", "twin@x.example", "never", "locked"]
    for number, name in enumerate(names):
        hashes.clear()
        assert attempt(name, address=f"10.0.1.{number}") == 401
        assert len(hashes) == 1, name
    hashes.clear()
    assert attempt("ana", PASSWORD) == 200
    assert len(hashes) == 1


def test_many_names_from_one_address_are_slowed_down_and_others_are_not(hashes: list[str]) -> None:
    answers = [attempt(f"name-{number}") for number in range(25)]
    assert answers == [401] * 20 + [429] * 5
    hashes.clear()
    assert attempt("ana", PASSWORD) == 429, "the right one waits, too"
    assert hashes == [], "and is not even looked at"
    assert attempt("ana", PASSWORD, address="10.0.0.2") == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert attempt("another") == 401
        assert attempt("another") == 429, "one at a time from then on"
    with time_machine.travel(timezone.now() + timedelta(minutes=17)):
        assert [attempt(f"later-{number}") for number in range(20)] == [401] * 20


def test_who_has_an_account_buys_no_further_guesses_with_it() -> None:
    for number in range(19):
        attempt(f"name-{number}")
    assert attempt("ana", PASSWORD) == 200
    assert [attempt("one-more"), attempt("one-more")] == [401, 429]


def test_failures_leave_little_in_the_record_and_nothing_after_a_day() -> None:
    began = timezone.now()
    for minute in range(200):
        with time_machine.travel(began + timedelta(minutes=minute)):
            attempt(f"name-{minute}")
            attempt("ana")
    failures = Entry.objects.filter(action=Action.SIGN_IN_FAILED)
    assert 5 <= failures.count() <= 20
    assert failures.filter(detail__in_a_row__gte=64).exists()
    with time_machine.travel(began + timedelta(days=2)):
        attempt("somebody")
    assert FailedSignIns.objects.count() == 2
