"""Who did what, when, from where: written by what is done over HTTP, read by administrators."""

import csv
import io
import json
import os
import pwd
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from rest_framework.test import APIClient

from studio.accounts import services as accounts
from studio.accounts.roles import Role
from studio.audit.models import Action, Entry
from studio.conversations.models import Conversation
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db
URL = "/api/v1/audit/"
PASSWORD = "correct horse battery"


def read(client: APIClient, **filters: str) -> list[dict[str, Any]]:
    answer = client.get(URL, filters)
    assert answer.status_code == 200, answer.json()
    return list(answer.json()["results"])


def sign_in(username: str, password: str, **headers: str) -> int:
    data = {"grant_type": "password", "client_id": "admin-cli"}
    return int(
        APIClient()
        .post(
            "/auth/realms/rasa-studio/protocol/openid-connect/token",
            {**data, "username": username, "password": password},
            headers=headers,
        )
        .status_code
    )


def test_an_assistant_leaves_its_trace(api_client: APIClient, base: str) -> None:
    api_client.patch(base, {"name": "Savings"}, "json")
    api_client.get(f"{base}export/")
    api_client.delete(base)
    api_client.post(f"{base}undelete/")
    entries = read(api_client)
    assert [entry["action"] for entry in reversed(entries)] == [
        "assistant.created",
        "assistant.updated",
        "assistant.exported",
        "assistant.deleted",
        "assistant.restored",
    ]
    newest = entries[0]
    assert (newest["actor"], newest["address"]) == ("super", "127.0.0.1")
    assert newest["actor_id"] == str(api_client.user.pk)  # type: ignore[attr-defined]  # fixture
    assert (newest["target"], newest["target_id"]) == ("Savings", base.split("/")[-2])
    assert datetime.now(UTC) - datetime.fromisoformat(newest["at"]) < timedelta(minutes=1)


def test_a_deleted_conversation_leaves_its_id_and_not_a_word(
    api_client: APIClient, base: str
) -> None:
    now = datetime.now(UTC)
    conversation = Conversation.objects.create(
        assistant_id=base.split("/")[-2],
        sender_id="whisper",
        started_at=now,
        last_event_at=now,
    )
    api_client.delete(f"/api/v1/conversations/{conversation.pk}/")
    [entry] = read(api_client, action="conversation.deleted")
    assert entry["target_id"] == str(conversation.pk)
    assert "whisper" not in json.dumps(entry)


def test_signing_in_and_failing_to(api_client: APIClient) -> None:
    accounts.user_create(username="omar", password=PASSWORD, roles=[Role.DEVELOPER])
    assert sign_in("omar", PASSWORD) == 200
    assert sign_in("omar", "guess") == 401
    assert sign_in(PASSWORD, "") == 401
    unknown, failed, done = read(api_client, search="")[:3]
    assert (done["action"], done["actor"]) == ("sign_in.succeeded", "omar")
    assert (failed["action"], failed["actor"], failed["target"]) == ("sign_in.failed", "", "omar")
    assert (unknown["action"], unknown["target"]) == ("sign_in.failed", "")
    everything = json.dumps([list(row) for row in Entry.objects.values_list()], default=str)
    assert PASSWORD not in everything
    assert "guess" not in everything


@pytest.mark.parametrize(
    ("proxies", "passed_on", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "nonsense", "127.0.0.1"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_is_believed_of_trusted_proxies_only(
    settings: Any, proxies: int, passed_on: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert sign_in("nobody", "guess", **{"x-forwarded-for": passed_on}) == 401
    assert Entry.objects.latest("id").address == address


def test_commands_are_of_an_account_of_the_system(api_client: APIClient) -> None:
    accounts.user_create(username="omar", password=PASSWORD, roles=[])
    [entry] = read(api_client, action="user.created")
    account = f"{pwd.getpwuid(os.getuid()).pw_name} on the server"
    assert (entry["actor"], entry["actor_id"], entry["address"]) == (account, None, "")


def test_filters(api_client: APIClient, base: str) -> None:
    api_client.get(f"{base}export/")
    assert len(read(api_client, action="assistant.exported")) == 1
    assert len(read(api_client, actor="super")) == 2
    assert read(api_client, actor="sup") == []
    assert len(read(api_client, search="bank 127.")) == 2
    assert len(read(api_client, target=base.split("/")[-2])) == 2
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert read(api_client, since=tomorrow) == []
    assert len(read(api_client, until=tomorrow)) == 2
    for bad in ({"action": "nonsense"}, {"since": "yesterday"}, {"until": "2026-13-01"}):
        refused = api_client.get(URL, bad)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid")


def test_export(api_client: APIClient, base: str) -> None:
    api_client.patch(base, {"name": "=cmd|' /C calc'!A0"}, "json")
    table = b"".join(api_client.get(f"{URL}export/", {"as": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]  # a stream
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["action"] for row in rows] == [
        "audit.exported",
        "assistant.updated",
        "assistant.created",
    ]
    assert rows[1]["target"].startswith("'="), "no formula for a spreadsheet"
    answer = api_client.get(f"{URL}export/", {"as": "json", "action": "assistant.updated"})
    [entry] = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]  # a stream
    assert entry["detail"] == {"fields": ["name"]}
    empty = api_client.get(f"{URL}export/", {"as": "json", "actor": "none"})
    assert json.loads(b"".join(empty.streaming_content)) == []  # type: ignore[attr-defined]  # a stream
    assert api_client.get(f"{URL}export/", {"as": "xml"}).status_code == 400


def test_only_administrators_read(as_user: AsUser) -> None:
    for role in set(Role) - {Role.SUPER_USER}:
        client = as_user(role)
        assert client.get(URL).status_code == client.get(f"{URL}export/").status_code == 403


def test_the_database_refuses_to_change_an_entry(api_client: APIClient, base: str) -> None:
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        Entry.objects.update(actor="somebody else")
    if connection.vendor == "postgresql":
        with pytest.raises(Error, match="never changed"), transaction.atomic():
            Entry.objects.filter(action=Action.ASSISTANT_CREATED).delete()


def test_what_is_rolled_back_leaves_no_entry(api_client: APIClient) -> None:
    accounts.user_create(username="omar", password=PASSWORD, roles=[])
    count = Entry.objects.count()
    with pytest.raises(accounts.NameTaken):
        accounts.user_create(username="Omar", password=PASSWORD, roles=[])
    assert Entry.objects.count() == count
