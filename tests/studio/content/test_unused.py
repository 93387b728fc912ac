"""What nothing names, over HTTP: it may go, and nothing that is listed is missed."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.accounts.roles import Role
from tests.conftest import AsUser
from tests.studio.conftest import Import

# Of each kind something that is used in each way, and `…_left` that is in none.
FILES = {
    "config.yml": b"language: en\npipeline:\n- name: X\n  fallback: action_of_config\n",
    "data/flows.yml": b"""\
flows:
  pay:
    name: slot_left
    description: utter_left in words is no use
    if: slots.of_guard
    persisted_slots: [of_persisted]
    steps:
      - collect: amount
        rejections: [{if: slots.amount > slots.of_rejection, utter: utter_refused}]
      - collect: named
        utter: utter_named
      - set_slots: [{of_set: 1}]
      - action: action_of_step
      - call: agent
        mapping: {input: [{param: a, slot: of_mapping}]}
      - noop: true
        next: [{if: slots.of_branch, then: END}, {else: END}]
""",
    "data/patterns.yml": b"""\
flows:
  pattern_completed:
    description: over
    steps: [{action: utter_of_pattern}]
""",
    "data/stories.yml": b"""\
stories:
- story: s
  steps:
  - slot_was_set: [{of_story: 1}]
  - action: utter_of_story
  - action: action_of_story
""",
    "domain.yml": b"""\
intents: [faq]
forms:
  order: {required_slots: [size]}
slots:
  amount: {type: float}
  named: {type: text}
  of_guard: {type: bool}
  of_persisted: {type: text}
  of_rejection: {type: float}
  of_set: {type: float}
  of_mapping: {type: text}
  of_branch: {type: bool}
  of_story: {type: float}
  size: {type: text}
  of_words: {type: text}
  of_button: {type: text}
  of_condition: {type: text}
  of_jinja: {type: text}
  of_slot: {type: float}
  of_code: {type: text}
  of_prompt: {type: text}
  of_form:
    type: text
    mappings: [{type: from_text, conditions: [{active_loop: order, requested_slot: size}]}]
  validated:
    type: float
    mappings: [{type: custom, action: action_of_mapping}]
    validation:
      rejections:
      - {if: slots.validated < slots.of_slot, utter: utter_of_slot}
  name: {type: text}
  text: {type: text}
  slot_left: {type: text}
responses:
  utter_ask_amount: [{text: How much}]
  utter_ask_named: [{text: 'Replaced by utter_named'}]
  utter_named: [{text: Who}]
  utter_refused: [{text: 'No {of_words}.', buttons: [{title: a, payload: /SetSlots(of_button=1)}]}]
  utter_of_pattern:
  - {text: Bye, condition: [{type: slot, name: of_condition, value: name}]}
  - {text: '{% if of_jinja %}a{% endif %}', metadata: {template: jinja}}
  utter_of_story: [{text: Told}]
  utter_ask_order_size: [{text: Size}]
  utter_ask_size: [{text: Size}]
  utter_ask_validated: [{text: Again}]
  utter_of_slot: [{text: No}]
  utter_of_code: [{text: By code}]
  utter_of_test: [{text: By a test}]
  utter_faq/hours: [{text: Always}]
  utter_restart: [{text: Anew}]
  utter_cannot_handle: [{text: 'The own one of the runtime'}]
  utter_left: [{text: Never said}]
  utter_left_too: [{text: "{named}"}]
actions:
- action_of_step
- action_of_story
- action_of_mapping
- action_of_config
- action_ask_amount
- action_next
- validate_order
- action_session_start
- action_left
""",
    "actions/actions.py": b"""\
class Left(Action):
    def name(self):
        return "action_left"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_of_code")
        tracker.get_slot("of_code")
        return [FollowupAction("action_next")]
""",
    "prompts/own.jinja2": b"{{ slots.of_prompt }}\n",
    "e2e_tests/pay.yml": b"test_cases: [{test_case: a, steps: [{utter: utter_of_test}]}]\n",
}
LEFT = {
    "responses": ["utter_ask_named", "utter_left", "utter_left_too"],
    "slots": ["name", "of_form", "slot_left", "text", "validated"],
    "actions": ["action_left"],
}


@pytest.fixture
def base(import_project: Import) -> str:
    return f"/api/v1/assistants/{import_project(FILES)['assistant']['id']}/"


def test_what_nothing_names_is_listed(api_client: APIClient, base: str) -> None:
    assert api_client.get(f"{base}unused/").json() == LEFT


def test_one_that_was_used_is_listed_once_nothing_says_it(api_client: APIClient, base: str) -> None:
    for noun, key in (("flows", "pay"), ("slots", "validated")):
        item = api_client.get(f"{base}{noun}/{key}/").json()
        gone = api_client.delete(f"{base}{noun}/{key}/?revision={item['revision']}")
        assert gone.status_code == 204, gone.content
    found = api_client.get(f"{base}unused/").json()
    assert {"utter_ask_amount", "utter_refused", "utter_of_slot"} <= {*found["responses"]}
    assert {"of_guard", "of_set", "of_slot"} <= {*found["slots"]}
    assert "action_of_step" in found["actions"]


def test_it_agrees_with_what_each_one_says_of_itself(api_client: APIClient, base: str) -> None:
    """Of a response and of a slot the page shows every place; those that are listed have none."""
    for key in LEFT["responses"]:
        places = api_client.get(f"{base}responses/{key}/context/").json()
        assert [*places["flows"], *places["slots"], *places["patterns"], *places["texts"]] == []
    for key in LEFT["slots"]:
        places = api_client.get(f"{base}slots/{key}/uses/").json()
        assert not any(places.values()), key


@pytest.mark.parametrize("sample", ["bank", "telecom"])
def test_nothing_of_a_sample_that_is_said_is_listed(api_client: APIClient, sample: str) -> None:
    order = {"name": "Sample", "sample": sample}
    made: dict[str, Any] = api_client.post("/api/v1/assistants/", order, format="json").json()
    base = f"/api/v1/assistants/{made['id']}/"
    found = api_client.get(f"{base}unused/").json()
    rows = api_client.get(f"{base}responses/?page_size=500").json()["results"]
    assert not {*found["responses"]} & {row["id"] for row in rows if row["used_in"]}
    assert found == {"responses": [], "slots": [], "actions": []}


def test_who_may_see_the_content_sees_it(base: str, as_user: AsUser) -> None:
    assert as_user(Role.BUSINESS_USER).get(f"{base}unused/").status_code == 200
    assert as_user(Role.ANNOTATOR).get(f"{base}unused/").status_code == 403
