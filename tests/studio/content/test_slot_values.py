"""A value of a choice slot gets another name over HTTP: all that names it follows."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.studio.assistants.test_cases import exported
from tests.studio.conftest import Import

BEFORE = {
    "config.yml": "language: en\n",
    "data/flows.yml": """\
flows:
  eat:
    description: find a table
    steps:
      - collect: cuisine
        next:
        - if: slots.cuisine is 'Italian'  # the usual one
          then: [{set_slots: [{cuisine: italian}, {other: Italian}], next: END}]
        - else: END
""",
    "domain.yml": """\
intents: [eat]
entities: [kitchen]
slots:
  cuisine:
    type: categorical
    values: [Italian, Thai]  # more to come
    initial_value: Italian
    mappings:
    - {type: from_entity, entity: kitchen}
    - {type: from_intent, intent: eat, value: Italian}
  other: {type: text}
responses:
  utter_ask_cuisine:
    - text: Which?
      buttons:
      - title: Italian
        payload: "/SetSlots(cuisine=Italian)"
  utter_done: [{text: Done., condition: [{type: slot, name: cuisine, value: Italian}]}]
""",
    "data/nlu.yml": """\
nlu:
- intent: eat
  examples: |
    - [pasta]{"entity": "kitchen", "value": "Italian"} please
- synonym: Italian
  examples: |
    - from Rome
""",
    "actions/actions.py": 'if tracker.get_slot("cuisine") == "Italian": pass\n',
    "actions/other.py": "# Italian\n",
    "tests/a.yml": """\
test_cases:
- test_case: a
  steps:
  - user: Italian
  - slot_was_set:
    - cuisine: Italian  # as said
""",
}


def as_bytes(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def imported(import_project: Import) -> tuple[dict[str, Any], str]:
    assistant = import_project(as_bytes(BEFORE))["assistant"]
    return assistant, f"/api/v1/assistants/{assistant['id']}/"


def rename(client: APIClient, base: str, value: str, new: str, revision: int = 1) -> Any:
    change = {"value": value, "new": new, "revision": revision}
    return client.post(f"{base}slots/cuisine/values/rename/", change, format="json")


def test_all_that_names_it_follows_in_one_commit_and_back(
    api_client: APIClient, import_project: Import
) -> None:
    assistant, base = imported(import_project)
    before = len(api_client.get(f"{base}commits/").json()["results"])
    answer = rename(api_client, base, "Italian", "Roman")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["left"] == ["actions/actions.py"]
    assert sorted((one["kind"], one["id"]) for one in answer.json()["followed"]) == [
        ("file", "tests/a.yml"),
        ("flow", "eat"),
        ("nlu", "intent:eat"),
        ("nlu", "synonym:Roman"),
        ("response", "utter_ask_cuisine"),
        ("response", "utter_done"),
        ("slot", "cuisine"),
    ]
    files = {path: content.decode() for path, content in exported(api_client, assistant).items()}
    for path, text in BEFORE.items():
        wanted = text
        if path not in {"config.yml", "actions/actions.py", "actions/other.py"}:
            wanted = text.replace("Italian", "Roman").replace("cuisine: italian", "cuisine: Roman")
            for same in ("other: ", "title: ", "- user: "):
                wanted = wanted.replace(f"{same}Roman", f"{same}Italian")
        assert files[path] == wanted, path
    commits = api_client.get(f"{base}commits/").json()["results"]
    assert len(commits) == before + 1
    assert commits[0]["message"] == "“Italian” of “cuisine” is now called “Roman”"
    revision = answer.json()["slot"]["revision"]
    assert rename(api_client, base, "Roman", "Italian", revision).status_code == 200
    files = {path: content.decode() for path, content in exported(api_client, assistant).items()}
    assert files == {
        **BEFORE,
        "data/flows.yml": BEFORE["data/flows.yml"].replace("cuisine: italian", "cuisine: Italian"),
    }


def test_uses_are_what_a_new_name_would_change(
    api_client: APIClient, import_project: Import
) -> None:
    _assistant, base = imported(import_project)
    italian, thai = api_client.get(f"{base}slots/cuisine/values/").json()["values"]
    assert (thai["value"], thai["uses"]) == ("Thai", [])
    assert {(one["kind"], one["id"]) for one in italian["uses"]} == {
        ("file", "tests/a.yml"),
        ("flow", "eat"),
        ("nlu", "intent:eat"),
        ("nlu", "synonym:Italian"),
        ("response", "utter_ask_cuisine"),
        ("response", "utter_done"),
        ("slot", "cuisine"),
    }
    assert api_client.get(f"{base}slots/other/values/").json() == {"values": []}
    assert api_client.get(f"{base}slots/gone/values/").status_code == 404


@pytest.mark.parametrize(
    ("value", "new", "revision", "status", "code"),
    [
        ("Italian", "thai", 1, 400, "invalid"),
        ("Italian", " ", 1, 400, "invalid"),
        ("Italian", "a, b", 1, 400, "invalid"),
        ("Italian", 'it\'s "x"', 1, 400, "invalid"),
        ("gone", "new", 1, 404, "not_found"),
        ("Italian", "Roman", 7, 409, "revision_conflict"),
    ],
)
def test_values_that_cannot_be_change_nothing(
    api_client: APIClient,
    import_project: Import,
    value: str,
    new: str,
    revision: int,
    status: int,
    code: str,
) -> None:
    assistant, base = imported(import_project)
    answer = rename(api_client, base, value, new, revision)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert exported(api_client, assistant) == as_bytes(BEFORE)


def test_who_may_not_edit_may_not_rename(as_user: AsUser, import_project: Import) -> None:
    _assistant, base = imported(import_project)
    assert rename(as_user("Conversation Analyst"), base, "Italian", "Roman").status_code == 403
