"""Every combination of filters, beside the same written out plainly."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.conversations.models import Conversation, ConversationFlow, Event, EventSource, Tag
from studio.conversations.selectors import conversations as selectors

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
COUNT = 40
CHOICES: dict[str, tuple[str, ...]] = {
    "channel": ("", "rest", "studio_chat"),
    "test": ("", "false", "true"),
    "flow": ("", "often", "once", "never"),
    "reviewed": ("", "true"),
    "tag": ("", "often", "once", "never"),
    "search": ("", "Often", "ONCE", "sender-1", "never"),
    "after": ("", (FIRST + timedelta(hours=COUNT / 2)).isoformat()),
}


CHANNELS = ("rest", "voice", "studio_chat")
OFTEN = {"flow": 0, "tag": 1, "search": 2}


def holds(number: int, name: str, value: str) -> bool:
    """Whether the conversation of this number is let through; the data is made by the same."""
    if name in OFTEN and value.lower() in {"often", "once", "never"}:
        place = OFTEN[name]
        return {
            "often": (number + place) % 3 == 0 or number % 5 == 0,
            "once": number == 20 + place // 2,
            "never": False,
        }[value.lower()]
    return {
        "channel": CHANNELS[number % 3] == value,
        "test": (CHANNELS[number % 3] == "studio_chat") == (value == "true"),
        "reviewed": number % 2 == 0,
        "after": number >= COUNT / 2,
        "search": value in f"sender-{number}",
    }[name]


@pytest.fixture
def stored(assistant: dict[str, Any]) -> dict[str, int]:
    """The number of each conversation, by its id."""
    source = EventSource.objects.create(name="tests", identity="1")
    tags = {
        name: Tag.objects.create(assistant_id=assistant["id"], name=name)
        for name in ("often", "once")
    }
    ids = {}
    for number in range(COUNT):
        at = FIRST + timedelta(hours=number)
        row = Conversation.objects.create(
            assistant_id=assistant["id"],
            sender_id=f"sender-{number}",
            channel=CHANNELS[number % 3],
            is_test=CHANNELS[number % 3] == "studio_chat",
            reviewed_at=None if number % 2 else at,
            started_at=at,
            last_event_at=at,
        )
        for word in ("often", "once"):
            if holds(number, "flow", word):
                ConversationFlow.objects.create(conversation=row, flow_id=word)
            if holds(number, "tag", word):
                row.tags.add(tags[word])
            if holds(number, "search", word):
                said(row, source, f"It is {word} so.", "user")
            # Nobody searches for what only the engine says.
            said(row, source, "never often once", "internal")
        ids[str(row.pk)] = number
    return ids


def said(row: Conversation, source: EventSource, text: str, kind: str) -> None:
    Event.objects.create(
        conversation=row,
        type=kind,
        at=row.started_at,
        text=text,
        data={},
        source=source,
        source_offset=Event.objects.count(),
    )


def test_each_combination(api_client: APIClient, stored: dict[str, int], monkeypatch: Any) -> None:
    """Whatever counts as rare."""
    user = User.objects.get(username="super")
    chance = random.Random(7)
    searched = ("flow", "tag", "search")
    for values in itertools.product(*(CHOICES[name] for name in searched)):
        monkeypatch.setattr(selectors, "_FEW", chance.choice((1, 10, 1000)))
        chosen = {name: chance.choice(CHOICES[name]) for name in CHOICES}
        chosen |= dict(zip(searched, values, strict=True))
        filters = {name: value for name, value in chosen.items() if value}
        found = [stored[str(row.pk)] for row in selectors.conversations(user, filters)]
        expected = [
            number
            for number in reversed(range(COUNT))
            if all(holds(number, name, value) for name, value in filters.items())
        ]
        assert found == expected, filters


def test_each_outcome_beside_what_the_rows_say(
    api_client: APIClient, assistant: dict[str, Any]
) -> None:
    """An open conversation is left when nothing was said for long: also without an event."""
    now = timezone.now()
    ages = {"now": timedelta(), "long ago": selectors.LEFT_AFTER * 2}
    for outcome, (_, age) in itertools.product(Conversation.Outcome.values, ages.items()):
        Conversation.objects.create(
            assistant_id=assistant["id"],
            sender_id=f"{outcome} {age}",
            outcome=outcome,
            started_at=now - age,
            last_event_at=now - age,
        )

    def found(**filters: str) -> list[dict[str, Any]]:
        answer = api_client.get("/api/v1/conversations/", filters)
        assert answer.status_code == 200, answer.json()
        return list(answer.json()["results"])

    rows = found()
    assert len(rows) == 2 * len(Conversation.Outcome.values)
    counts = {}
    for outcome in Conversation.Outcome.values:
        expected = [row["id"] for row in rows if row["outcome"] == outcome]
        assert [row["id"] for row in found(outcome=outcome)] == expected
        filters = {"assistant": assistant["id"], "outcome": outcome}
        counts[outcome] = api_client.get("/api/v1/conversations/summary/", filters).json()["total"]
    assert (counts["open"], counts["left"], counts["completed"]) == (1, 3, 2)
    refused = api_client.get("/api/v1/conversations/", {"outcome": "lost"})
    assert (refused.status_code, "handed_over" in refused.json()["detail"]) == (400, True)


def test_channel_decides_whether_it_is_a_test(
    api_client: APIClient, stored: dict[str, int], django_assert_num_queries: Any
) -> None:
    """No database walks over every conversation to find what cannot be."""
    user = User.objects.get(username="super")
    for channel, test in (("rest", "true"), ("studio_chat", "false")):
        filters = {"channel": channel, "test": test, "search": "often"}
        with django_assert_num_queries(0):
            assert list(selectors.conversations(user, filters)) == []
        assert api_client.get("/api/v1/conversations/", filters).json()["results"] == []
    for channel, test in (("rest", "false"), ("studio_chat", "true")):
        same = selectors.conversations(user, {"channel": channel})
        assert list(selectors.conversations(user, {"channel": channel, "test": test})) == list(same)


def test_pages_of_what_is_frequent(
    api_client: APIClient, stored: dict[str, int], monkeypatch: Any
) -> None:
    monkeypatch.setattr(selectors, "_FEW", 1)
    filters = {"tag": "often", "flow": "often", "search": "often", "page_size": "2"}
    found: list[int] = []
    url: str | None = "/api/v1/conversations/"
    answer = api_client.get(str(url), filters).json()
    while True:
        found += [stored[row["id"]] for row in answer["results"]]
        if not answer["next"]:
            break
        answer = api_client.get(answer["next"]).json()
    assert found == [
        number
        for number in reversed(range(COUNT))
        if all(holds(number, name, "often") for name in ("tag", "flow", "search"))
    ]
    assert len(found) > 4
