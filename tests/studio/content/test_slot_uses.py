"""Where a slot is asked for, set, read and shown."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from studio.content.models import Item, Reference
from tests.studio.conftest import Import

FILES = {
    "config.yml": b"language: en\n",
    "data/flows.yml": b"""\
flows:
  pay:
    description: pay somebody
    if: slots.open
    steps:
      - id: how_much
        collect: amount
        rejections: [{if: slots.amount < 1, utter: utter_no}]
        next:
          - if: slots.amount > 10
            then: [{id: reset, set_slots: [{amount: null}], next: END}]
          - else: END
""",
    "domain.yml": b"""\
slots:
  amount: {type: float}
  open: {type: bool}
  limit:
    type: float
    validation: {rejections: [{if: slots.limit < slots.amount, utter: utter_no}]}
responses:
  utter_ask_amount: [{text: How much}]
  utter_no: [{text: 'Not {amount}.'}]
  utter_some:
    - text: Some.
      condition: [{type: slot, name: amount, value: 1}]
""",
    "e2e_tests/pay.yml": b"test_cases: [{test_case: a, steps: [{slot_was_set: ['amount']}]}]\n",
}


@pytest.fixture
def base(import_project: Import) -> str:
    return f"/api/v1/assistants/{import_project(FILES)['assistant']['id']}/"


def rows(client: APIClient, base: str) -> dict[str, Any]:
    return {row["id"]: row for row in client.get(f"{base}slots/").json()["results"]}


def counts(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["asks_count"], row["sets_count"], row["reads_count"]


def test_the_list_counts_and_the_slot_tells_where(api_client: APIClient, base: str) -> None:
    found = rows(api_client, base)
    assert counts(found["amount"]) == (1, 1, 1)
    assert counts(found["open"]) == (0, 0, 1)
    assert [place["step"] for place in found["amount"]["used_in"]] == ["how_much", "reset"]
    uses = api_client.get(f"{base}slots/amount/uses/").json()
    assert [(one["step"], one["how"]) for one in uses["flows"]] == [
        ("how_much", "asks"),
        ("reset", "sets"),
        ("how_much", "reads"),
    ]
    assert uses["responses"] == [
        {"response": "utter_no", "how": "shows"},
        {"response": "utter_some", "how": "reads"},
    ]
    assert uses["slots"] == ["limit"]
    assert uses["texts"] == ["e2e_tests/pay.yml"]
    assert api_client.get(f"{base}slots/open/uses/").json()["flows"][0]["step"] is None
    assert api_client.get(f"{base}slots/gone/uses/").status_code == 404


def _stored() -> tuple[Any, Any]:
    summaries = dict(Item.objects.filter(kind="flow").values_list("key", "summary"))
    found = Reference.objects.values_list("item__key", "relation", "name", "step")
    return summaries, sorted(found)


@pytest.mark.django_db(transaction=True)
def test_what_is_derived_of_flows_moves_both_ways(api_client: APIClient, base: str) -> None:
    before = _stored()
    executor = MigrationExecutor(connection)
    executor.migrate([("content", "0003_response_summaries")])
    summary = Item.objects.get(kind="flow").summary
    assert summary["slots"][0] == {"name": "amount", "step": "how_much"}
    assert "asks" not in summary
    relations = set(Reference.objects.values_list("relation", flat=True))
    assert "slots" in relations
    assert not relations & {"asks", "sets", "reads"}
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert _stored() == before
    assert counts(rows(api_client, base)["amount"]) == (1, 1, 1)
