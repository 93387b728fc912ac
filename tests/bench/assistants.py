"""Assistants of any size to measure the runtime with, written as people write them."""

from pathlib import Path

VERBS = (
    "order",
    "cancel",
    "change",
    "check",
    "book",
    "report",
    "renew",
    "return",
    "explain",
    "find",
)
THINGS = (
    "a parcel", "a contract", "an invoice", "a bank card", "a table for dinner", "a train ticket",
    "a doctor's appointment", "a library book", "a broken phone", "a mobile plan", "a hotel room",
    "a parking permit", "a washing machine", "a newspaper", "a pair of shoes", "a loan", "a key",
    "a concert", "a bicycle", "a garden chair",
)  # fmt: skip
PLACES = ("at home", "in town", "abroad", "for a friend", "for the office")
QUESTIONS = {"day": "day", "amount": "amount", "name": "person's name", "reason": "reason"}


def write_assistant(folder: Path, flows: int) -> Path:
    """A project whose flows each ask two to four questions, branch once and answer."""
    (folder / "data").mkdir(parents=True)
    (folder / "domain").mkdir()
    (folder / "config.yml").write_text("recipe: default.v1\nlanguage: en\nassistant_id: large\n")
    (folder / "endpoints.yml").write_text("")
    (folder / "credentials.yml").write_text("rest:\n")
    for start in range(0, flows, 100):
        numbers = range(start, min(start + 100, flows))
        text = "flows:\n" + "".join(_flow(number) for number in numbers)
        (folder / "data" / f"flows_{start}.yml").write_text(text)
        (folder / "domain" / f"domain_{start}.yml").write_text(_domain(numbers))
    return folder


def task(number: int) -> str:
    """What the flow of that number does; each says something of its own."""
    verb, rest = VERBS[number % len(VERBS)], number // len(VERBS)
    thing, place = THINGS[rest % len(THINGS)], PLACES[rest // len(THINGS) % len(PLACES)]
    return f"{verb} {thing} {place}"


def _asked(number: int) -> list[str]:
    return list(QUESTIONS)[: 2 + number % 3]


def _flow(number: int) -> str:
    steps = "".join(
        f"      - collect: {slot}_{number}\n        description: the {QUESTIONS[slot]}\n"
        for slot in _asked(number)
    )
    return f"""  flow_{number}:
    name: {task(number)}
    description: Helps somebody to {task(number)}.
    steps:
{steps}      - noop: true
        next:
          - if: slots.day_{number} is "today"
            then:
              - action: utter_hurry_{number}
                next: END
          - else:
              - action: utter_done_{number}
                next: END
"""


def _domain(numbers: range) -> str:
    slots, responses = "slots:\n", "responses:\n"
    for number in numbers:
        for slot in _asked(number):
            kind = "float" if slot == "amount" else "text"
            slots += f"  {slot}_{number}: {{type: {kind}}}\n"
            question = f"Which {QUESTIONS[slot]} do you mean?"
            responses += f"  utter_ask_{slot}_{number}:\n    - text: {question}\n"
        for kind in ("hurry", "done"):
            responses += f"  utter_{kind}_{number}:\n    - text: We {task(number)} ({kind}).\n"
    return slots + responses
