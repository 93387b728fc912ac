"""Where an action's code stands, and which slots and responses it names."""

from hypothesis import given
from hypothesis import strategies as st

from modelservice.project.action_code import ActionCode, action_code

CODE = '''\
"""Not action_pay itself."""
from rasa_sdk import Action


class Base(Action):
    def run(self, dispatcher, tracker, domain):
        return [SlotSet("of_the_base")]


class Pay(Base):
    # a note
    def name(self) -> str:
        return "action_pay"

    async def run(self, dispatcher, tracker, domain):
        if tracker.get_slot("amount") > 3 and tracker.get_slot("amount") < tracker.get_slot(x):
            dispatcher.utter_message(response="utter_done", text="no")
        return [SlotSet("paid", True), events.SlotSet("receipt", None), SlotSet(key)]
'''


def test_the_class_that_has_the_name_with_what_it_names() -> None:
    files = {"actions/a.py": "class action_pay(:", "actions/b.py": CODE, "actions/c.py": CODE}
    found = action_code("action_pay", files)
    assert found == ActionCode(
        "actions/b.py", 10, ("amount",), ("paid", "receipt"), ("utter_done",)
    )
    assert action_code("action_gone", files) is None
    assert action_code("Not action_pay itself", files) is None


@given(st.text("class def(name):\n  return'\0\"x", max_size=60))
def test_whatever_stands_in_a_file_it_can_be_looked_at(text: str) -> None:
    action_code("x", {"a.py": text})
