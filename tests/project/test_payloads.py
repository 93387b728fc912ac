"""Payloads of buttons: this and the web client (`flow-core/payload.ts`) read one table alike."""

import json
from pathlib import Path
from typing import Any

import pytest

from modelservice.project.payloads import assignments_in, intent_in

TABLE = json.loads((Path(__file__).parent / "payloads.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("payload", "pairs"), TABLE["set_slots"])
def test_what_is_set(payload: str, pairs: list[list[str]]) -> None:
    assert [[*pair] for pair in assignments_in(payload)] == pairs


@pytest.mark.parametrize(("payload", "parts"), TABLE["intents"])
def test_which_intent(payload: str, parts: Any) -> None:
    found = intent_in(payload)
    assert (None if found is None else [*found]) == parts
