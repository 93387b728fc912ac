"""Accepts the numbers of members only."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.database import MEMBERS, read


class ValidateMemberNumber(Action):
    def name(self) -> str:
        return "validate_member_number"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        number = tracker.get_slot("member_number")
        if number is None or number in read(MEMBERS):
            return []
        dispatcher.utter_message(text=f"{number} is no member.")
        return [SlotSet("member_number", None)]
