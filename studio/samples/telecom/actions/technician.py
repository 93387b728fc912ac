"""The help desk's one custom action."""

from __future__ import annotations

import secrets
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


class BookTechnician(Action):
    def name(self) -> str:
        return "action_book_technician"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # A real help desk would write to its calendar here.
        return [SlotSet("visit_reference", f"T-{secrets.randbelow(900_000) + 100_000}")]
