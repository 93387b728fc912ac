"""Responses over HTTP: the list, names with their references, words of many, and deleting many."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from studio.content.models import Item
from tests.conftest import AsUser
from tests.studio.assistants.test_cases import exported
from tests.studio.conftest import Import

BEFORE = {
    "config.yml": "language: en\nadditional_languages: [de, es]\n",
    "endpoints.yml": "nlg: {type: rephrase, rephrase_all: true}\n",
    "data/flows.yml": """\
flows:
  ask:
    description: ask for the amount
    steps:
      - collect: amount  # asked
        rejections:
          - if: slots.amount < 0
            utter: utter_no
      - action: utter_ask_amount
      - collect: other
        utter: utter_ask_amount
      - collect: amount
        utter: utter_no
""",
    "data/stories.yml": """\
stories:
- story: a
  steps:
  - intent: greet
  - action: utter_ask_amount
""",
    "domain.yml": """\
actions:
- action_pay
- utter_ask_amount
slots:
  amount:
    type: float
    validation:
      rejections: [{if: slots.amount > 9, utter: utter_ask_amount}]
  other: {type: text}
responses:
  # the question
  utter_ask_amount:
    - text: "Which amount, {amount}?"  # first
      translation: {de: "Welcher Betrag?"}
      channel: voice
      metadata: {rephrase: false}
      buttons:
        - {title: The amount of 10, payload: /SetSlots(amount=10), translation: {de: {title: Zehn}}}
        - {title: Other, payload: other}
    - text: "Amounts please"
      condition: slots.amount > 1
      image: https://example.org/a.png
  utter_no: [{text: "No amount."}]
  utter_unused: [{custom: {card: 1}}]
""",
    "tests/a.yml": "test_cases:\n- test_case: a\n  steps:\n  - utter: utter_ask_amount\n",
    "tests/b.yml": "test_cases:\n- test_case: b\n  steps:\n  - utter: utter_ask_amount_2\n",
}
AFTER = {
    "data/flows.yml": """\
flows:
  ask:
    description: ask for the amount
    steps:
      - collect: amount  # asked
        rejections:
          - if: slots.amount < 0
            utter: utter_no
        utter: utter_how_much
      - action: utter_how_much
      - collect: other
        utter: utter_how_much
      - collect: amount
        utter: utter_no
""",
    "data/stories.yml": BEFORE["data/stories.yml"].replace("ask_amount", "how_much"),
    "tests/a.yml": BEFORE["tests/a.yml"],
}


@pytest.fixture
def imported(import_project: Import) -> dict[str, Any]:
    files = {path: text.encode() for path, text in BEFORE.items()}
    return dict(import_project(files)["assistant"])


@pytest.fixture
def base(imported: dict[str, Any]) -> str:
    return f"/api/v1/assistants/{imported['id']}/"


def listed(client: APIClient, base: str, query: str = "") -> dict[str, Any]:
    rows = client.get(f"{base}responses/{query}").json()["results"]
    return {row["id"]: row for row in rows}


def commits(client: APIClient, base: str) -> list[Any]:
    return list(client.get(f"{base}commits/").json()["results"])


def test_a_row_says_what_the_response_holds(api_client: APIClient, base: str) -> None:
    rows = listed(api_client, base)
    row = rows["utter_ask_amount"]
    wanted = {
        "text": "Which amount, {amount}?",
        "words": "Welcher Betrag?\nThe amount of 10\nZehn\nOther\nAmounts please",
        "variation_count": 2,
        "buttons": 2,
        "texts": 4,
        "translated": {"de": 2},
        "channels": ["voice"],
        "contents": ["text", "buttons", "image", "condition"],
        "rephrase": False,
        "origin": "own",
    }
    assert {name: row[name] for name in wanted} == wanted
    assert rows["utter_unused"]["contents"] == ["custom"]
    assert rows["utter_unused"]["rephrase"] is None
    assert [*listed(api_client, base, "?search=zehn")] == ["utter_ask_amount"]


def test_summaries_of_before_are_derived_anew(api_client: APIClient, base: str) -> None:
    rows = listed(api_client, base)
    migration = import_module("studio.content.migrations.0003_response_summaries")
    old = {"text": "Which amount, {amount}?", "variation_count": 2, "buttons": 2}
    assert Item.objects.filter(kind="response").update(summary=old) == 3
    migration.forwards(apps, None)
    assert listed(api_client, base) == rows
    # What the state before reads of a summary is still there after going back.
    migration.backwards(apps, None)
    stored = Item.objects.get(kind="response", key="utter_ask_amount")
    assert old.items() <= stored.summary.items()


def test_a_name_changes_with_every_reference(
    api_client: APIClient, imported: dict[str, Any], base: str
) -> None:
    before = len(commits(api_client, base))
    answer = api_client.post(
        f"{base}responses/utter_ask_amount/rename/",
        {"id": "utter_how_much", "revision": 1},
        format="json",
    )
    assert answer.status_code == 200, answer.json()
    assert answer.json()["left"] == ["tests/a.yml"]
    assert answer.json()["response"]["id"] == "utter_how_much"
    files = exported(api_client, imported)
    for path, text in AFTER.items():
        assert files[path].decode() == text, path
    domain = files["domain.yml"].decode()
    assert "utter_ask_amount" not in domain
    assert "- utter_how_much\n" in domain
    assert '# the question\n  utter_how_much:\n    - text: "Which amount, {amount}?"' in domain
    assert "refill_utter: utter_how_much" in domain
    made = commits(api_client, base)
    assert len(made) == before + 1
    assert made[0]["message"] == "“utter_ask_amount” is now called “utter_how_much”"


@pytest.mark.parametrize(
    ("old", "new", "revision", "status", "code"),
    [
        ("utter_no", "utter_unused", 1, 409, "name_taken"),
        ("utter_no", "utter_other", 0, 409, "revision_conflict"),
        ("utter_no", "utter_cannot_handle", 1, 400, "invalid"),
        ("utter_no", "two words", 1, 400, "invalid"),
        ("utter_none", "utter_other", 1, 404, "not_found"),
    ],
)
def test_a_name_that_cannot_be(
    api_client: APIClient, base: str, old: str, new: str, revision: int, status: int, code: str
) -> None:
    change = {"id": new, "revision": revision}
    answer = api_client.post(f"{base}responses/{old}/rename/", change, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert {"utter_no", "utter_unused"} <= listed(api_client, base).keys()


def test_where_it_is_said(api_client: APIClient, base: str) -> None:
    context = api_client.get(f"{base}responses/utter_ask_amount/context/").json()
    assert [(use["step"], use["how"]) for use in context["flows"]] == [
        ("ask_0_collect_amount", "asks"),
        ("ask_1_utter_ask_amount", "says"),
        ("ask_2_collect_other", "asks"),
    ]
    assert context["slots"] == [
        {"slot": "amount", "how": "asks"},
        {"slot": "amount", "how": "refuses"},
    ]
    assert context["texts"] == ["tests/a.yml"]
    assert context["rephrasing"] == "all"
    refused = api_client.get(f"{base}responses/utter_no/context/").json()["flows"]
    assert [use["how"] for use in refused] == ["refuses", "asks"]


def test_a_copy_has_a_name_of_its_own(api_client: APIClient, base: str) -> None:
    for name in ("utter_no_copy", "utter_no_copy2"):
        copy = api_client.post(f"{base}responses/utter_no/duplicate/")
        assert (copy.status_code, copy.json()["id"]) == (201, name)
        assert copy.json()["body"] == [{"text": "No amount."}]


def test_words_are_replaced_with_exceptions_in_one_commit(api_client: APIClient, base: str) -> None:
    wanted = {"find": "amount", "replacement": "sum", "whole_words": True}
    preview = api_client.post(f"{base}replace/", wanted, format="json").json()
    assert preview["commit"] is None
    assert [(one["response"], one["field"], one["after"]) for one in preview["matches"]] == [
        ("utter_ask_amount", "text", "Which sum, {amount}?"),
        ("utter_ask_amount", "button", "The sum of 10"),
        ("utter_no", "text", "No sum."),
    ]
    button = preview["matches"][1]
    assert (button["pointer"], button["before"]) == ("/0/buttons/0/title", "The amount of 10")
    assert len(commits(api_client, base)) == 1
    revisions = {one["response"]: one["revision"] for one in preview["matches"]}
    exceptions = [{"response": "utter_ask_amount", "pointer": button["pointer"]}]
    change = {**wanted, "revisions": revisions, "exceptions": exceptions}
    # Somebody writes in between: nothing at all is replaced.
    body = [{"text": "No amount at all."}]
    saved = api_client.put(
        f"{base}responses/utter_no/", {"revision": 1, "body": body}, format="json"
    )
    late = api_client.post(f"{base}replace/", change, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "revision_conflict")
    assert listed(api_client, base)["utter_ask_amount"]["text"] == "Which amount, {amount}?"
    change["revisions"] = {**revisions, "utter_no": saved.json()["revision"]}
    done = api_client.post(f"{base}replace/", change, format="json").json()
    assert done["commit"]["item_count"] == 2
    rows = listed(api_client, base)
    assert rows["utter_no"]["text"] == "No sum at all."
    assert rows["utter_ask_amount"]["text"] == "Which sum, {amount}?"
    assert "The amount of 10" in rows["utter_ask_amount"]["words"]
    undone = {"commit": done["commit"]["number"] - 1}
    assert api_client.post(f"{base}restore/", undone, format="json").status_code == 200
    assert listed(api_client, base)["utter_no"]["text"] == "No amount at all."


def test_many_are_deleted_and_brought_back_at_once(api_client: APIClient, base: str) -> None:
    for name in ("utter_a", "utter_b"):
        made = {"id": name, "body": [{"text": name}]}
        api_client.post(f"{base}responses/", made, format="json")
    rows = listed(api_client, base)

    def delete(*names: str, **revisions: int) -> Any:
        items = [
            {"kind": "response", "key": one, "revision": revisions.get(one, rows[one]["revision"])}
            for one in names
        ]
        return api_client.post(f"{base}delete/", {"items": items}, format="json")

    used = delete("utter_a", "utter_no")
    assert (used.status_code, used.json()["code"]) == (409, "in_use")
    assert used.json()["used_by"][0]["flow"] == "ask"
    late = delete("utter_a", "utter_b", utter_b=1)
    assert (late.status_code, late.json()["code"]) == (409, "revision_conflict")
    assert listed(api_client, base).keys() == rows.keys()
    done = delete("utter_a", "utter_b", "utter_unused")
    assert done.status_code == 200, done.json()
    assert listed(api_client, base).keys() == {"utter_ask_amount", "utter_no"}
    made = done.json()["commit"]
    undo = {"commit": made["number"] - 1, "items": [
        {"kind": "response", "key": key} for key in ("utter_a", "utter_b", "utter_unused")
    ]}  # fmt: skip
    assert api_client.post(f"{base}restore/", undo, format="json").status_code == 200
    assert listed(api_client, base).keys() == rows.keys()


def test_who_may_only_look_changes_nothing(
    base: str, as_user: AsUser, imported: dict[str, Any]
) -> None:
    client = as_user("Business User")
    assert client.get(f"{base}responses/utter_no/context/").status_code == 200
    for path, data in (
        ("responses/utter_no/rename/", {"id": "utter_x", "revision": 1}),
        ("responses/utter_no/duplicate/", {}),
        ("replace/", {"find": "amount", "replacement": "x"}),
        ("delete/", {"items": [{"kind": "response", "key": "utter_unused", "revision": 1}]}),
    ):
        assert client.post(f"{base}{path}", data, format="json").status_code == 403, path
