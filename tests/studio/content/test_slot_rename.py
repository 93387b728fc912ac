"""A slot gets another name over HTTP: everything that speaks of it follows, in one commit."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.project.test_cases import CASES, files_of
from tests.studio.assistants.test_cases import exported
from tests.studio.conftest import Import

BEFORE = {
    "config.yml": "language: en\n",
    "data/flows.yml": """\
# All flows
flows:
  ask:
    description: ask for the language
    persisted_slots: [language, other]  # both
    steps:
      - collect: language   # asked first
        rejections:
          - if: slots.language is "xx" and slots.language_2 is null
            utter: utter_no
        next:
          - if: slots.language = 'en'
            then: named
          - else:
              - set_slots: [{language: null}, {other: language}]
                next: ask_0_collect_language
      - id: named  # stays
        collect: language  # stays, too
        utter: utter_other
      - action: utter_ask_language
  guarded:
    description: does not speak
    if: slots.{{ context.x }} is null and slots.language is not null
    steps:
      - call: book
        mcp_server: shop
        mapping: {input: [{slot: language, param: language}], output: []}
""",
    "domain.yml": """\
actions:
- validate_language
slots:
  # what people speak
  language:
    type: text
    validation:
      rejections: [{if: slots.language is "yy", utter: utter_no}]
  language_2: {type: text}
  other:
    type: text  # kept
    mappings: [{type: from_text, conditions: [{active_loop: f, requested_slot: language}]}]
responses:
  utter_ask_language:
    - text: "Which language? {language} or {language_2} or {{language}}"
      condition: slots.language is null
      buttons:
        - title: "{language}"
          payload: "/SetSlots(language=en, other=language)"
  utter_no: [{text: No., condition: [{type: slot, name: language, value: language}]}]
  utter_other:
    - text: "{{ slots.language }} {{ language|upper }} {{ 'language' }} language"
      metadata: {template: jinja}
forms: {f: {required_slots: [language, other]}}
""",
    "actions/actions.py": 'tracker.get_slot("language")\n',
    "actions/other.py": "import language\n",
    "tests/a.yml": "test_cases:\n- test_case: a\n  steps:\n  - slot_was_set:\n    - language: en\n",
    "prompts/p.jinja2": "A language model. {{ slots.language }}\n",
}
AFTER = {
    **BEFORE,
    "data/flows.yml": """\
# All flows
flows:
  ask:
    description: ask for the language
    persisted_slots: [tongue, other]  # both
    steps:
      - collect: tongue
        rejections:
        - if: slots.tongue is "xx" and slots.language_2 is null
          utter: utter_no
        next:
        - if: slots.tongue = 'en'
          then: named
        - else:
          - set_slots:
            - tongue: null
            - other: language
            next: ask_0_collect_tongue
        utter: utter_ask_language
      - id: named  # stays
        collect: tongue  # stays, too
        utter: utter_other
      - action: utter_ask_language
  guarded:
    description: does not speak
    if: slots.{{ context.x }} is null and slots.tongue is not null
    steps:
      - call: book
        mcp_server: shop
        mapping: {input: [{slot: tongue, param: language}], output: []}
""",
    "domain.yml": """\
actions:
- validate_language
slots:
  # what people speak
  tongue:
    type: text
    validation:
      rejections: [{if: slots.tongue is "yy", utter: utter_no}]
      refill_utter: utter_ask_language
  language_2: {type: text}
  other:
    type: text  # kept
    mappings: [{type: from_text, conditions: [{active_loop: f, requested_slot: tongue}]}]
responses:
  utter_ask_language:
    - text: "Which language? {tongue} or {language_2} or {{language}}"
      condition: slots.tongue is null
      buttons:
        - title: "{tongue}"
          payload: "/SetSlots(tongue=en, other=language)"
  utter_no: [{text: No., condition: [{type: slot, name: tongue, value: language}]}]
  utter_other:
    - text: "{{ slots.tongue }} {{ tongue|upper }} {{ 'language' }} language"
      metadata: {template: jinja}
forms: {f: {required_slots: [tongue, other]}}
""",
}


# A step without an id is known by the slot that it asks for, so it is written anew.


def as_bytes(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def rename(client: APIClient, base: str, old: str, new: str, revision: int = 1) -> Any:
    change = {"id": new, "revision": revision}
    return client.post(f"{base}slots/{old}/rename/", change, format="json")


def test_every_reference_follows_and_the_rest_stays_as_it_was(
    api_client: APIClient, import_project: Import
) -> None:
    assistant = import_project(as_bytes(BEFORE))["assistant"]
    base = f"/api/v1/assistants/{assistant['id']}/"
    before = len(api_client.get(f"{base}commits/").json()["results"])
    answer = rename(api_client, base, "language", "tongue")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["slot"]["id"] == "tongue"
    assert answer.json()["left"] == [
        *("validate_language", "actions/actions.py", "prompts/p.jinja2", "tests/a.yml")
    ]
    files = exported(api_client, assistant)
    for path, text in AFTER.items():
        assert files[path].decode() == text, path
    commits = api_client.get(f"{base}commits/").json()["results"]
    assert len(commits) == before + 1
    assert commits[0]["message"] == "“language” is now called “tongue”"


def test_the_repair_of_a_reserved_name_makes_the_project_trainable(
    api_client: APIClient, import_project: Import
) -> None:
    imported = import_project(files_of(CASES / "own-slot-named-language"))
    base = f"/api/v1/assistants/{imported['assistant']['id']}/"
    [problem] = api_client.get(f"{base}validation/").json()["problems"]
    assert (problem["code"], problem["severity"]) == ("slot_reserved", "error")
    fix = problem["fix"]
    assert (fix["action"], fix["label"]) == ("rename_slot", "Rename to own_language")
    answer = rename(api_client, base, fix["arguments"]["id"], fix["arguments"]["new"])
    assert answer.status_code == 200
    assert api_client.get(f"{base}validation/").json()["problems"] == []


@pytest.mark.parametrize(
    "name",
    ["requested_slot", "flow_hashes", "session_started_metadata", "mocked_datetime"],
)
def test_other_names_of_rasas_are_warnings(
    api_client: APIClient, import_project: Import, name: str
) -> None:
    files = files_of(CASES / "own-slot-named-language")
    files["domain.yml"] = files["domain.yml"].replace(b"  language:", f"  {name}:".encode())
    files["domain.yml"] = files["domain.yml"].replace(
        b"  amount", b"  own_%s: {type: text}\n  amount" % name.encode()
    )
    imported = import_project(files)
    base = f"/api/v1/assistants/{imported['assistant']['id']}/"
    [problem] = api_client.get(f"{base}validation/").json()["problems"]
    assert (problem["code"], problem["severity"]) == ("slot_reserved", "warning")
    assert problem["fix"]["arguments"] == {"id": name, "new": f"own_{name}1"}


@pytest.mark.parametrize(
    ("new", "revision", "status", "code"),
    [
        ("other", 1, 409, "name_taken"),
        ("flow_hashes", 1, 400, "invalid"),
        ("a b", 1, 400, "invalid"),
        ("tongue", 7, 409, "revision_conflict"),
    ],
)
def test_names_that_cannot_be_change_nothing(
    api_client: APIClient, import_project: Import, new: str, revision: int, status: int, code: str
) -> None:
    assistant = import_project(as_bytes(BEFORE))["assistant"]
    base = f"/api/v1/assistants/{assistant['id']}/"
    answer = rename(api_client, base, "language", new, revision)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert exported(api_client, assistant) == as_bytes(BEFORE)


def test_who_may_not_edit_may_not_rename(as_user: AsUser, import_project: Import) -> None:
    assistant = import_project(as_bytes(BEFORE))["assistant"]
    base = f"/api/v1/assistants/{assistant['id']}/"
    assert rename(as_user("Conversation Analyst"), base, "language", "tongue").status_code == 403
