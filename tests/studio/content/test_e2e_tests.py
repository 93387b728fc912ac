"""End-to-end tests over HTTP: made, changed, renamed, deleted and put back; and what is refused."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.project.example import with_file
from tests.studio.conftest import Import

PATH = "e2e_tests/transfer.yml"
FILE = """\
# Tests of money.
test_cases:
  # The usual one.
  - test_case: send money
    steps:
      - user: send money   # as most say
      - utter: utter_ask_recipient

  - test_case: help
    steps:
      - user: help
      - utter: utter_help
"""


@pytest.fixture
def base(import_project: Import) -> str:
    made = import_project(with_file(PATH, FILE))
    return f"/api/v1/assistants/{made['assistant']['id']}/"


def one(name: str, path: str = PATH) -> str:
    return f"tests/{path}::{name}/"


def text(client: APIClient, base: str, path: str = PATH) -> str:
    return str(client.get(f"{base}files/{path}/").json()["body"])


def body(name: str, *steps: dict[str, Any]) -> dict[str, Any]:
    return {"test_case": name, "steps": list(steps) or [{"user": name}]}


def put(client: APIClient, address: str, data: dict[str, Any]) -> Any:
    return client.put(address, data, format="json")


def post(client: APIClient, address: str, data: dict[str, Any]) -> Any:
    return client.post(address, data, format="json")


def test_an_edit_changes_the_lines_of_one_test(api_client: APIClient, base: str) -> None:
    send = f"{base}{one('send money')}"
    test = api_client.get(send).json()
    assert (test["id"], test["place"]) == (f"{PATH}::send money", 0)
    test["body"]["steps"][1] = {"utter": "utter_done"}
    saved = put(api_client, send, {k: test[k] for k in ("body", "revision")}).json()
    assert saved["body"] == test["body"]
    assert text(api_client, base) == FILE.replace("utter_ask_recipient", "utter_done")
    yaml = api_client.get(f"{send}yaml/").json()["body"]
    assert yaml.startswith("# The usual one.\ntest_case: send money\n")
    changed = yaml.replace("as most say", "as all say")
    again = put(api_client, f"{send}yaml/", {"body": changed, "revision": saved["revision"]})
    assert again.json()["body"] == changed
    # What is typed within minutes is one entry of the history.
    history = api_client.get(f"{base}commits/?kind=file&key={PATH}").json()["results"]
    assert len(history) == 2


def test_a_test_is_deleted_and_put_back(api_client: APIClient, base: str) -> None:
    send = f"{base}{one('send money')}"
    test = api_client.get(f"{send}yaml/").json()
    assert api_client.delete(f"{send}?revision={test['revision']}").status_code == 204
    assert "send money" not in text(api_client, base)
    back = post(api_client, f"{base}tests/", {k: test[k] for k in ("path", "place", "body")})
    assert (back.status_code, back.json()["place"]) == (201, 0)
    assert text(api_client, base) == FILE


def test_a_test_is_renamed_and_its_stubs_follow(
    api_client: APIClient, import_project: Import
) -> None:
    stubs = "stub_custom_actions:\n  send_money::action_a: {events: []}  # its own\n"
    made = import_project(with_file(PATH, FILE + stubs))
    base = f"/api/v1/assistants/{made['assistant']['id']}/"
    send = f"{base}{one('send money')}"
    revision = api_client.get(send).json()["revision"]
    renamed = post(api_client, f"{send}rename/", {"name": "pay a bill", "revision": revision})
    assert renamed.json()["id"] == f"{PATH}::pay a bill"
    now = text(api_client, base)
    assert "  - test_case: pay a bill\n" in now
    assert "# The usual one." in now
    assert "  pay_a_bill::action_a:" in now
    assert api_client.get(send).status_code == 404
    taken = {"name": "help", "revision": renamed.json()["revision"]}
    refused = post(api_client, f"{base}{one('pay a bill')}rename/", taken)
    assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")


def test_the_first_test_makes_its_file(api_client: APIClient, base: str) -> None:
    made = post(api_client, f"{base}tests/", {"body": body("hello")}).json()
    assert (made["path"], made["place"]) == ("e2e_tests/tests.yml", 0)
    files = api_client.get(f"{base}tests/").json()
    names = {file["path"]: [test["name"] for test in file["tests"]] for file in files}
    assert names == {PATH: ["send money", "help"], "e2e_tests/tests.yml": ["hello"]}
    taken = post(api_client, f"{base}tests/", {"body": body("hello")})
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    other = {"body": body("hello"), "path": "data/tests.yml"}
    assert post(api_client, f"{base}tests/", other).status_code == 400
    no_yaml = {"body": body("hello"), "path": "docs/tests.txt"}
    assert post(api_client, f"{base}tests/", no_yaml).status_code == 400


def test_two_people_in_one_file_and_in_one_test(api_client: APIClient, base: str) -> None:
    send, ask = f"{base}{one('send money')}", f"{base}{one('help')}"
    revision = api_client.get(send).json()["revision"]
    changed = {"body": body("send money", {"user": "pay"}), "revision": revision}
    assert put(api_client, send, changed).status_code == 200
    # Another test of the file, on the same revision: nobody is asked.
    other = {"body": body("help", {"user": "help me"}), "revision": revision}
    assert put(api_client, ask, other).json()["body"] == other["body"]
    mine = {"body": body("send money", {"user": "mine"}), "revision": revision}
    late = put(api_client, send, mine)
    assert (late.status_code, late.json()["code"]) == (409, "revision_conflict")
    assert late.json()["current"]["body"] == changed["body"]
    yaml = put(api_client, f"{send}yaml/", {"body": YAML, "revision": revision})
    assert yaml.json()["current"]["body"].startswith("# The usual one.\n")
    assert api_client.delete(f"{send}?revision={revision}").status_code == 409
    assert text(api_client, base).count("test_case:") == 2


YAML = "test_case: send money\nsteps:\n  - user: a\n"


@pytest.mark.parametrize(
    ("yaml", "line"),
    [
        ("test_case: send money\nsteps:\n  - says: b\n", 3),
        ("test_case: send money\n\tsteps: []\n", 2),
        ("- test_case: send money\n", 1),
        (YAML.replace("send", "get"), 1),
    ],
)
def test_what_cannot_run_is_refused_at_its_line(
    api_client: APIClient, base: str, yaml: str, line: int
) -> None:
    send = f"{base}{one('send money')}"
    revision = api_client.get(send).json()["revision"]
    refused = put(api_client, f"{send}yaml/", {"body": yaml, "revision": revision})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert refused.json()["errors"][0]["line"] == line
    for wrong in ({"test_case": "send money"}, {**body("send money"), "steps": [{"says": 1}]}):
        assert put(api_client, send, {"body": wrong, "revision": revision}).status_code == 400
    assert text(api_client, base) == FILE


def test_a_file_that_is_no_plain_list_is_shown_and_left_alone(
    api_client: APIClient, import_project: Import
) -> None:
    odd = "test_cases: [{test_case: a, steps: [{user: b}]}]\n"
    made = import_project(with_file(PATH, odd))
    base = f"/api/v1/assistants/{made['assistant']['id']}/"
    test = api_client.get(f"{base}{one('a')}").json()
    assert test["name"] == "a"
    refused = put(
        api_client, f"{base}{one('a')}", {"body": body("a"), "revision": test["revision"]}
    )
    assert (refused.status_code, text(api_client, base)) == (400, odd)
    assert "Files" in refused.json()["detail"]
    assert api_client.get(f"{base}{one('a')}yaml/").status_code == 400


def test_names_that_are_no_key_are_rows_with_a_problem(
    api_client: APIClient, import_project: Import
) -> None:
    odd = f"{FILE}\n  - 4\n\n  - test_case: help\n    steps: [{{user: again}}]\n"
    odd = odd.replace("\n\n\n", "\n\n")
    made = import_project(with_file(PATH, odd))
    base = f"/api/v1/assistants/{made['assistant']['id']}/"
    [file] = api_client.get(f"{base}tests/").json()
    assert [bool(test["id"]) for test in file["tests"]] == [True, True, False, False]
    assert all(test["problem"] for test in file["tests"][2:])


def test_a_talk_becomes_a_test(api_client: APIClient, base: str) -> None:
    flow = {"utter_action": "utter_ask_recipient"}
    events = [
        {"event": "user", "text": "of an earlier session"},
        {"event": "session_started"},
        {"event": "user", "text": "/session_start"},
        {"event": "bot", "text": "Hello!", "metadata": {"utter_action": "utter_greet"}},
        {"event": "user", "text": "send money"},
        {"event": "flow_started", "flow_id": "transfer_money"},
        {"event": "bot", "text": "To whom?", "metadata": flow},
        {"event": "user", "text": "Ana"},
        {"event": "slot", "name": "recipient", "value": "Ana", "filled_by": "SetSlotCommand"},
        {"event": "slot", "name": "vip", "value": True, "filled_by": "inspector"},
        {"event": "bot", "text": "How much? (in €)"},
        {"event": "flow_started", "flow_id": "pattern_completed"},
    ]
    made = post(api_client, f"{base}tests/recorded/", {"events": events, "path": PATH})
    assert made.status_code == 201, made.json()
    # There is a “send money” in the file already.
    assert made.json()["body"] == {
        "test_case": "send money (2)",
        "steps": [
            {
                "user": "send money",
                "assertions": [
                    {"flow_started": "transfer_money"},
                    {"bot_uttered": {"utter_name": "utter_ask_recipient"}},
                ],
            },
            {
                "user": "Ana",
                "assertions": [
                    {"slot_was_set": [{"name": "recipient", "value": "Ana"}]},
                    {"bot_uttered": {"text_matches": "^How much\\? \\(in €\\)$"}},
                ],
            },
        ],
    }
    odd = [{"event": "user", "text": 5}, {"event": "bot", "text": 6, "metadata": "x"}, {}]
    assert post(api_client, f"{base}tests/recorded/", {"events": odd}).status_code == 201
    nothing = post(api_client, f"{base}tests/recorded/", {"events": events[:3]})
    assert (nothing.status_code, nothing.json()["code"]) == (400, "invalid")


def test_who_may_only_look_changes_nothing(
    api_client: APIClient, as_user: AsUser, base: str
) -> None:
    looks, send = as_user("Business User"), f"{base}{one('send money')}"
    test = looks.get(send).json()
    data = {"body": body("send money"), "revision": test["revision"]}
    assert put(looks, send, data).status_code == 403
    assert put(looks, f"{send}yaml/", {**data, "body": YAML}).status_code == 403
    assert post(looks, f"{send}rename/", {"name": "b", "revision": 1}).status_code == 403
    assert post(looks, f"{base}tests/", {"body": body("a")}).status_code == 403
    assert post(looks, f"{base}tests/recorded/", {"events": []}).status_code == 403
    assert looks.delete(send).status_code == 403
    assert text(api_client, base) == FILE
