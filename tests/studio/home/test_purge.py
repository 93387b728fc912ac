"""Deleting a deleted assistant for good, over HTTP; the command is tested with the other words."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from studio.accounts.roles import Role
from studio.assistants.models import Assistant, Member
from studio.audit.models import Entry
from studio.content.models import Blob, Commit, Item
from studio.conversations.models import Conversation
from studio.versions.models import Version
from tests.conftest import AsUser
from tests.studio.conftest import Import

URL = "/api/v1/assistants/"


@pytest.fixture
def with_everything(base: str) -> Assistant:
    """The example assistant, with a version and a conversation."""
    assistant, now = Assistant.objects.get(), timezone.now()
    Version.objects.create(
        assistant=assistant, number=1, status="inactive", commit=Commit.objects.get()
    )
    Conversation.objects.create(
        assistant=assistant, sender_id="s", started_at=now, last_event_at=now
    )
    return assistant


def test_a_super_user_deletes_for_good_what_others_may_only_delete(
    api_client: APIClient,
    base: str,
    with_everything: Assistant,
    import_project: Import,
    as_user: AsUser,
) -> None:
    kept = import_project(name="Kept")["assistant"]["id"]
    items = Item.objects.filter(branch__assistant=kept).count()
    dev = as_user(Role.DEVELOPER)
    member = as_user(username="a member")
    Member.objects.create(
        assistant=with_everything,
        user=member.user,  # type: ignore[attr-defined]  # fixture
        role=Role.SUPER_USER,
    )
    assert dev.delete(base).status_code == 204
    Assistant.objects.filter(pk=with_everything.pk).update(members_only=True)
    for client in (dev, member):
        refused = client.delete(f"{base}deleted/")
        assert refused.status_code == 403
        told = refused.json()
        assert (told["permission"], told["roles"]) == ("assistant.purge", [Role.SUPER_USER])
    assert Conversation.objects.count() == 1

    assert api_client.delete(f"{base}deleted/").status_code == 204
    assert [str(row.pk) for row in Assistant.objects.all()] == [kept]
    assert not Version.objects.exists()
    assert not Conversation.objects.exists()
    assert set(Blob.objects.values_list("assistant", flat=True)) == {Assistant.objects.get().pk}
    assert Item.objects.count() == items
    assert api_client.get(f"{URL}?deleted=true").json()["results"] == []
    for again in (api_client.delete(f"{base}deleted/"), api_client.post(f"{base}undelete/")):
        assert again.status_code == 404
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.target, entry.actor) == ("assistant.purged", "Bank", "super")


def test_one_that_is_in_use_loses_nothing(
    api_client: APIClient, base: str, with_everything: Assistant
) -> None:
    refused = api_client.delete(f"{base}deleted/")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert "Only a deleted assistant" in refused.json()["detail"]
    assert Conversation.objects.count() == Version.objects.count() == 1
    assert api_client.get(f"{base}flows/").json()["results"]
    assert not Entry.objects.filter(action="assistant.purged").exists()


def test_the_list_says_who_may(api_client: APIClient, base: str, as_user: AsUser) -> None:
    def may(client: APIClient) -> Any:
        [row] = client.get(f"{URL}?deleted=true").json()["results"]
        return {"assistant.delete", "assistant.purge"} & set(row["permissions"])

    api_client.delete(base)
    assert may(api_client) == {"assistant.delete", "assistant.purge"}
    assert may(as_user(Role.DEVELOPER)) == {"assistant.delete"}
