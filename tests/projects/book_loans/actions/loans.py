"""Looks books up and lends them."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.database import BOOKS, LOANS, find_book, read, write


class FindBook(Action):
    def name(self) -> str:
        return "action_find_book"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        book = find_book(tracker.get_slot("book_title"))
        copies = book["copies"] if book else 0
        if copies:
            dispatcher.utter_message(text=f"There are {copies} copies of it.")
        return [SlotSet("copies_left", copies)]


class LendBook(Action):
    def name(self) -> str:
        return "action_lend_book"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        title = tracker.get_slot("book_title")
        books = read(BOOKS)
        for book in books:
            if book["title"].lower() == title.lower():
                book["copies"] -= 1
        write(BOOKS, books)
        write(LOANS, [*read(LOANS), {"member": tracker.get_slot("member_number"), "title": title}])
        print(f"{title} is lent")
        dispatcher.utter_message(response="utter_due", due_day="Friday")
        return [SlotSet("due_day", "Friday"), FollowupAction("action_tell_opening_hours")]


class TellOpeningHours(Action):
    def name(self) -> str:
        return "action_tell_opening_hours"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="We are open from nine to five.")
        return []


class RenewLoan(Action):
    """Has a mistake: nobody has written the key that it reads."""

    def name(self) -> str:
        return "action_renew_loan"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        loan = {"title": "Emma"}
        return [SlotSet("due_day", loan["due"])]
