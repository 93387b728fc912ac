"""Sentences of real conversations of the last days in which nothing was understood."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from modelservice.project.close_examples import ExampleIndex
from modelservice.project.nlu_editing import same_words
from modelservice.project.nlu_examples import plain_example
from studio.content.models import Branch
from studio.content.selectors.understanding import examples_by_intent
from studio.conversations.models import Conversation, Event

SINCE = timedelta(days=7)
# The newest conversations are looked at, and so many sentences are told.
_MOST_CONVERSATIONS = 500
_MOST_TOLD = 50
_LONGEST = 500
_FALLBACK = "nlu_fallback"
_UNDERSTOOD_NOTHING = "cannot handle"


def unfitted(branch: Branch) -> list[dict[str, Any]]:
    """Most often said first, each with the example that is most like it; what is an example by now
    is left out."""
    examples = examples_by_intent(branch)
    known = {plain(text) for texts in examples.values() for text in texts}
    index = ExampleIndex(examples)
    found: dict[str, dict[str, Any]] = {}
    for text, at, conversation in _said(branch):
        said = found.setdefault(
            plain(text),
            {"text": text, "count": 0, "last_at": at, "conversation": conversation},
        )
        said["count"] += 1
    rows = [row for words, row in found.items() if words and words not in known]
    rows.sort(key=lambda row: (row["count"], row["last_at"]), reverse=True)
    return [{**row, "closest": _closest(index, row["text"])} for row in rows[:_MOST_TOLD]]


def plain(text: str) -> str:
    """Equal for two sentences in the same words."""
    return same_words(plain_example(text)).strip(" .!?…")


def _said(branch: Branch) -> Iterator[tuple[str, datetime, Any]]:
    """The newest first."""
    since = timezone.now() - SINCE
    real = Conversation.objects.filter(
        assistant=branch.assistant_id, is_test=False, last_event_at__gte=since
    )
    newest = list(real.values_list("pk", flat=True)[:_MOST_CONVERSATIONS])
    rows = Event.objects.filter(
        conversation__in=newest, at__gte=since, type="user", text__isnull=False
    )
    columns = ("text", "at", "conversation_id", "data")
    for text, at, conversation, data in rows.order_by("-at").values_list(*columns).iterator():
        if text and not text.startswith("/") and len(text) <= _LONGEST and _fits_nothing(data):
            yield text, at, conversation


def _fits_nothing(data: Any) -> bool:
    parsed = data.get("parse_data") if isinstance(data, dict) else None
    if not isinstance(parsed, dict):
        return False
    commands = parsed.get("commands")
    names = [one.get("command") for one in commands or () if isinstance(one, dict)]
    intent = parsed.get("intent")
    is_fallback = isinstance(intent, dict) and intent.get("name") == _FALLBACK
    return _UNDERSTOOD_NOTHING in names or (is_fallback and not names)


def _closest(index: ExampleIndex, text: str) -> dict[str, Any] | None:
    found = index.closest(text)
    if found is None:
        return None
    example, alike = found
    return {"intent": example.intent, "text": example.text, "alike": alike}
