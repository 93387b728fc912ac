"""POSTs that are sent again with the same `Idempotency-Key`."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from studio.accounts import idempotency
from studio.accounts.models import IdempotentCall, User
from studio.accounts.roles import Role
from studio.assistants.models import Assistant
from tests.conftest import AsUser, access_token_of
from tests.project.example import FILES, zip_of
from tests.studio.accounts.test_every_route import ROUTES, view_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/assistants/"


def post(client: APIClient, name: str = "A", key: str = "k") -> Any:
    return client.post(URL, {"name": name}, "json", headers={"Idempotency-Key": key})


def test_a_call_that_is_sent_again_is_answered_as_before(api_client: APIClient) -> None:
    first, again = post(api_client), post(api_client)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first["Content-Type"] == again["Content-Type"]
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Assistant.objects.count() == 1
    assert post(api_client, key='"k"')["Idempotency-Replayed"] == "true", "the draft's quotes"


def test_without_a_key_it_is_another_call(api_client: APIClient) -> None:
    assert api_client.post(URL, {"name": "A"}, "json").status_code == 201
    assert api_client.post(URL, {"name": "A"}, "json").status_code == 409
    assert not IdempotentCall.objects.exists()


def test_another_body_with_the_key_is_a_mistake(api_client: APIClient) -> None:
    post(api_client)
    other = post(api_client, "B")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert other["Content-Type"] == "application/problem+json"
    assert Assistant.objects.count() == 1


def test_keys_of_other_people_and_routes_are_others(
    api_client: APIClient, as_user: AsUser, base: str
) -> None:
    assert post(api_client, "A").status_code == 201
    assert post(as_user(Role.DEVELOPER), "B").status_code == 201
    branch = api_client.post(
        f"{base}branches/", {"name": "w"}, "json", headers={"Idempotency-Key": "k"}
    )
    assert branch.status_code == 201
    assert "Idempotency-Replayed" not in branch


def test_what_was_refused_can_be_sent_again_with_its_key(api_client: APIClient) -> None:
    post(api_client, "A", "one")
    assert post(api_client, "A", "two").status_code == 409
    assert post(api_client, "", "two").status_code == 400
    Assistant.objects.all().delete()
    made = post(api_client, "A", "two")
    assert (made.status_code, "Idempotency-Replayed" in made) == (201, False)


def test_who_lost_the_permission_gets_no_answer_of_before(as_user: AsUser) -> None:
    client = as_user(Role.DEVELOPER)
    post(client)
    User.objects.update(roles=[])
    assert post(client).status_code == 403


@pytest.mark.parametrize(("minutes", "kept"), [(-1, True), (1, False)])
def test_it_is_kept_for_a_day(api_client: APIClient, minutes: int, *, kept: bool) -> None:
    post(api_client)
    then = timezone.now() + timedelta(hours=24, minutes=minutes)
    with time_machine.travel(then, tick=False):
        token = access_token_of(User.objects.get())
        again = post(APIClient(HTTP_AUTHORIZATION=f"Bearer {token}"))
    assert again.status_code == (201 if kept else 409)
    assert IdempotentCall.objects.exists() is kept


def test_a_call_that_is_still_running_and_one_that_was_cut_off(api_client: APIClient) -> None:
    post(api_client)
    IdempotentCall.objects.update(status=None)
    running = post(api_client)
    assert (running.status_code, running.json()["code"]) == (409, "idempotency_in_progress")
    IdempotentCall.objects.update(started_at=timezone.now() - timedelta(minutes=11))
    assert post(api_client).json()["code"] == "idempotency_outcome_unknown"
    assert Assistant.objects.count() == 1


def test_a_defect_is_not_kept(api_client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    api_client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("studio.home.api.views.assistant_document", None)
        assert post(api_client).status_code == 500
    assert not IdempotentCall.objects.exists()


def test_an_answer_that_is_too_long_is_not_kept(
    api_client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "MAX_BODY_LENGTH", 10)
    assert post(api_client).status_code == 201
    again = post(api_client)
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_answer_not_kept")


def test_a_person_cannot_fill_the_table(
    api_client: APIClient, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "MAX_CALLS_PER_PERSON", 1)
    assert post(api_client).status_code == 201
    full = post(api_client, "B", "other")
    assert (full.status_code, full.json()["code"]) == (429, "idempotency_too_many_keys")
    assert post(as_user(Role.DEVELOPER), "C").status_code == 201


@pytest.mark.parametrize("key", ["", " ", '""', "k" * 256, "a\tb", "ä"])
def test_bad_keys_are_refused(api_client: APIClient, key: str) -> None:
    answer = post(api_client, key=key.encode().decode("latin-1"))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Assistant.objects.exists()


def test_uploads_are_compared_by_what_is_in_them(api_client: APIClient) -> None:
    def send(content: bytes) -> Any:
        upload = SimpleUploadedFile("bank.zip", content, "application/zip")
        return api_client.post(
            f"{URL}import/",
            {"file": upload, "name": "Bank"},
            format="multipart",
            headers={"Idempotency-Key": "k"},
        )

    whole = zip_of(FILES)
    first, again, other = send(whole), send(whole), send(whole + b"\0")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert Assistant.objects.count() == 1


def test_a_token_is_never_kept(as_user: AsUser) -> None:
    body = {"name": "CI", "scopes": ["read"]}
    answer = as_user(Role.DEVELOPER).post(
        "/api/v1/me/tokens/", body, "json", headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


def test_every_other_post_takes_a_key() -> None:
    closed = {
        route
        for route, pattern in ROUTES
        if "POST" in view_of(pattern).required_permissions
        and not getattr(view_of(pattern), "takes_idempotency_key", False)
    }
    assert closed == {"api/v1/me/tokens/"}


@given(calls=st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy")), max_size=8))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_each_key_is_one_call(
    api_client: APIClient, calls: list[tuple[str, str]]
) -> None:
    """Against the obvious model: the first call of a key that was carried out is its answer."""
    Assistant.objects.all().delete()
    IdempotentCall.objects.all().delete()
    answered: dict[str, tuple[str, bytes]] = {}
    taken: set[str] = set()
    for name, key in calls:
        answer = post(api_client, name, key)
        if key in answered:
            sent, content = answered[key]
            assert answer.status_code == (201 if sent == name else 422)
            assert sent != name or answer.content == content
        elif name in taken:
            assert answer.status_code == 409
        else:
            assert answer.status_code == 201
            taken.add(name)
            answered[key] = (name, answer.content)
    assert Assistant.objects.count() == len(taken)


@pytest.mark.skipif(not os.environ.get("DB_HOST"), reason="`make test-postgres`: needs connections")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [2, 8])
def test_of_many_at_once_one_is_carried_out(api_client: APIClient, count: int) -> None:
    begin = Barrier(count)
    token = access_token_of(User.objects.get())

    def send(_number: int) -> tuple[int, str]:
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
        begin.wait()
        try:
            answer = post(client)
            return answer.status_code, answer.json().get("code", answer.json().get("id"))
        finally:
            connections.close_all()

    for _ in range(5):
        Assistant.objects.all().delete()
        IdempotentCall.objects.all().delete()
        with ThreadPoolExecutor(count) as pool:
            answers = list(pool.map(send, range(count)))
        made = Assistant.objects.get()
        assert {each for each in answers if each[0] == 201} == {(201, str(made.pk))}
        assert {each for each in answers if each[0] != 201} <= {(409, "idempotency_in_progress")}
