"""Custom actions of a project's own module, run by a real model service beside a real assistant."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest

from modelservice.service.ports import free_port
from tests.modelservice.assistants import (
    GOOD,
    HEAD,
    LIBRARY,
    Assistant,
    attempt,
    bot_config,
    files_of,
    start,
    trick_files,
)
from tests.modelservice.conftest import Realm, Service, wait_until
from tests.modelservice.test_zips import sent, zipped


@pytest.fixture(scope="module")
def library(service: Service) -> Assistant:
    return start(service, "library", files_of(LIBRARY))


def test_a_book_is_lent_from_the_question_to_the_follow_up(library: Assistant) -> None:
    assert library.say("I want to borrow a book") == ["Which book would you like?"]
    found = library.say("/SetSlots(book_title=Emma)")
    assert found == ["There are 2 copies of it.", "What is your member number?"]
    refused = library.say("/SetSlots(member_number=7)")
    assert refused == ["7 is no member.", "What is your member number?"]
    lent = library.say("/SetSlots(member_number=1813)")
    assert lent[:2] == ["Please bring it back by Friday.", "We are open from nine to five."]
    assert library.slots()["due_day"] == "Friday"
    wait_until(lambda: "[actions] Emma is lent" in library.log)
    # The copy is written, the project's own file is not.
    library.say("I want to borrow a book", "ben")
    assert "There are 1 copies of it." in library.say("/SetSlots(book_title=Emma)", "ben")
    assert (library.directory / "files" / "db" / "books.json").read_text() == (
        LIBRARY / "db" / "books.json"
    ).read_text()


def test_an_action_that_raises_is_named_with_the_line(library: Assistant) -> None:
    library.say("renew my loan", "cleo")
    assert library.failure("cleo") == (
        "custom action 'action_renew_loan' failed: KeyError: 'due' (actions/loans.py, line 66)"
    )
    wait_until(lambda: '[actions]     return [SlotSet("due_day", loan["due"])]' in library.log)
    assert library.say("I want to borrow a book", "cleo") == ["Which book would you like?"]


KINDS = """
class Greeter(Action):
    word = "Hello"

    def name(self):
        return "action_greeter"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=self.word + ", " + str(tracker.get_slot("kind")))
        return []


class German(Greeter):
    word = "Hallo"

    def name(self):
        return "action_german"


class Both(Action):
    def name(self):
        return "action_both"

    async def run(self, dispatcher, tracker, domain):
        await asyncio.sleep(0)
        dispatcher.utter_message(response="utter_unknown")
        dispatcher.utter_message(text="look", buttons=[{"title": "a", "payload": "/a"}])
        return [SlotSet("result", len(domain["slots"]) > 2), FollowupAction("action_german")]


class Mappings(ValidationAction):
    def validate_size(self, value, dispatcher, tracker, domain):
        return {"size": value.upper()}


class Form(FormValidationAction):
    def name(self):
        return "validate_kind"

    async def required_slots(self, domain_slots, dispatcher, tracker, domain):
        return ["kind"]

    def validate_kind(self, value, dispatcher, tracker, domain):
        return {"kind": value}
"""


def test_every_sort_of_action_the_sdk_has(strict: Service) -> None:
    files = trick_files({"greeter": "pass", "german": "pass", "both": "pass"})
    code = (HEAD + KINDS).encode()
    domain = files["domain/domain.yml"].decode()
    domain = domain.replace("actions:\n", "actions:\n  - action_validate_slot_mappings\n")
    domain = domain.replace("actions:\n", "actions:\n  - validate_kind\n")
    mapping = "size: {type: text, mappings: [{type: from_entity, entity: size}]}"
    domain = domain.replace("slots:\n", f"slots:\n  {mapping}\n")
    domain += "intents: [inform]\nentities: [size]\n"
    files = {**files, "actions/tricks.py": code, "domain/domain.yml": domain.encode()}
    assistant = start(strict, "sorts", files)
    assert attempt(assistant, "greeter", "a")[0] == "Hello, greeter"
    assert attempt(assistant, "german", "b")[0] == "Hallo, german"
    assert attempt(assistant, "both", "c")[:3] == ["unknown", "look", "Hallo, both"]
    assert assistant.slots("c")["result"] is True
    assistant.say('/inform{"size": "small"}', "d")
    assert assistant.slots("d")["size"] == "SMALL"
    failed = [
        event
        for sender in "abcd"
        for event in assistant.tracker(sender)["events"]
        if event.get("metadata", {}).get("execution_success") is False
    ]
    assert failed == []


# -- the process ----------------------------------------------------------------------------------


def test_process_starts_with_the_first_action_and_ends_with_the_assistant(
    strict: Service,
) -> None:
    assistant = start(strict, "lives", trick_files(GOOD))
    before = {process.pid for process in assistant.processes()}
    attempt(assistant, "answers", "ana")
    pid = assistant.slots()["result"]
    assert pid not in before
    assert pid in {process.pid for process in assistant.processes()}
    attempt(assistant, "hides", "ben")
    left = assistant.processes()
    assert len(left) > len(before) + 1
    [bot] = [process for process in left if process.pid in before]
    bot.send_signal(signal.SIGKILL)
    wait_until(lambda: strict.bot("lives")["status"] == "stopped")
    wait_until(lambda: not any(process.is_running() for process in left))


def test_two_conversations_do_not_wait_for_one_another(strict: Service) -> None:
    files = trick_files({"waits": "await asyncio.sleep(1)"})
    assistant = start(strict, "together", files)
    attempt(assistant, "waits", "first")
    began = time.monotonic()
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda name: attempt(assistant, "waits", name), "abc"))
    assert time.monotonic() - began < 2.5


class _ActionServer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"events": [], "responses": [{"text": "from the server"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def test_module_stands_in_while_no_action_server_of_this_machine_is_there(strict: Service) -> None:
    port = free_port()
    endpoints = f"action_endpoint: {{url: 'http://localhost:{port}/webhook'}}"
    assistant = start(strict, "stands-in", trick_files(GOOD), endpoints)
    assert attempt(assistant, "answers", "ana")[0] == "fine"
    with ThreadingHTTPServer(("127.0.0.1", port), _ActionServer) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        assert attempt(assistant, "answers", "ben")[0] == "from the server"
        server.shutdown()


@pytest.mark.parametrize(
    ("deployment", "url", "files"),
    [
        ("elsewhere", "http://actions.invalid/webhook", trick_files({"answers": "pass"})),
        ("no-module", "http://127.0.0.1:9/webhook", {}),
    ],
)
def test_url_of_an_action_server_wins(
    strict: Service, deployment: str, url: str, files: dict[str, bytes]
) -> None:
    endpoints = f"action_endpoint: {{actions_module: actions, url: '{url}'}}"
    sent = {**trick_files({"answers": "pass"}), **files}
    if not files:
        del sent["actions/tricks.py"]
    assistant = start(strict, deployment, sent, endpoints)
    attempt(assistant, "answers", "ana")
    assert f"the action server at {url} cannot be reached" in assistant.failure()


def test_they_live_on_when_the_service_is_killed(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path, realm)
    try:
        assistant = start(service, "survivor", trick_files(GOOD))
        attempt(assistant, "answers", "ana")
        pid = assistant.slots()["result"]
        service.kill()
        service.start()
        attempt(assistant, "answers", "ben")
        assert assistant.slots("ben")["result"] == pid
        service.http.delete("/bot/survivor")
        wait_until(lambda: not psutil.pid_exists(pid))
    finally:
        service.stop()


def test_project_in_a_zip_runs_its_actions(service: Service) -> None:
    files = {**files_of(LIBRARY), "credentials.yml": b"rest:\ninspector:\n"}
    content = zipped({path: text.decode() for path, text in files.items()})
    assert sent(service, content, id="zipped", deploy="true").status_code == 200
    wait_until(lambda: service.bot("zipped").get("status") == "running")
    assistant = Assistant(service, "zipped")
    assistant.say("I want to borrow a book")
    assert assistant.say("/SetSlots(book_title=Emma)")[0] == "There are 2 copies of it."
    copied = sorted(path.name for path in (assistant.directory / ".actions").iterdir())
    assert {"actions", "db", "data", "tmp"} <= set(copied)
    assert not {"endpoints.yml", "credentials.yml", "models"} & set(copied)


@pytest.mark.parametrize(
    ("run", "said"),
    [("auto", "is not run: this machine cannot confine it (no Landlock)"), ("true", None)],
)
def test_where_children_are_not_confined(
    tmp_path: Path, realm: Realm, run: str, said: str | None
) -> None:
    variables = {"MODEL_SERVICE_CONFINE_CHILDREN": "false", "MODEL_SERVICE_RUN_ACTIONS": run}
    service = Service(tmp_path, realm, **variables)
    try:
        assistant = start(service, "open", trick_files(GOOD))
        texts = attempt(assistant, "answers", "ana")
        if said is None:
            assert texts[0] == "fine"
        else:
            assert said in assistant.failure()
    finally:
        service.stop()


def test_ceilings_may_be_lower_for_the_assistant_or_be_none(tmp_path: Path, realm: Realm) -> None:
    service = Service(
        tmp_path,
        realm,
        MODEL_SERVICE_BOT_MEMORY_MB="700",
        MODEL_SERVICE_CHILD_FILE_MB="50",
        MODEL_SERVICE_ACTION_FILES_MB="0",
        MODEL_SERVICE_ACTION_MEMORY_MB="0",
    )
    try:
        slow = "await asyncio.sleep(1); dispatcher.utter_message(text='fine')"
        assistant = start(service, "low", trick_files({"slow": slow}))
        assert attempt(assistant, "slow", "ana")[0] == "fine", assistant.failure()
    finally:
        service.stop()


def test_module_with_a_name_that_is_none(strict: Service) -> None:
    endpoints = "action_endpoint: {actions_module: my-actions.py}"
    assistant = start(strict, "odd-name", trick_files(GOOD), endpoints)
    attempt(assistant, "answers", "ana")
    assert assistant.failure() == (
        "custom action 'action_answers' is not run: actions_module 'my-actions.py' in "
        "endpoints.yml is not the name of a Python module"
    )


def test_turned_off_they_are_not_run_and_the_reason_is_told(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path, realm, MODEL_SERVICE_RUN_ACTIONS="false")
    try:
        reason = "it is turned off by MODEL_SERVICE_RUN_ACTIONS"
        assert service.http.get("/").json()["actions"] == reason
        assistant = start(service, "off", trick_files(GOOD))
        attempt(assistant, "answers", "ana")
        assert assistant.failure() == f"custom action 'action_answers' is not run: {reason}"
    finally:
        service.stop()


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", ".hidden", "a//b", ""])
def test_files_that_lead_out_are_refused(service: Service, model_name: str, path: str) -> None:
    config = {"files": {path: ""}}
    body = {"deployment_id": "bad-files", "model_name": model_name, "bot_config": config}
    answer = service.http.post("/bot", json=body)
    assert (answer.status_code, list(answer.json())) == (400, ["message"])


# -- end-to-end tests -----------------------------------------------------------------------------


def e2e_result(service: Service, test_id: str, cases: str) -> dict[str, Any]:
    """Of a run with the library's model and files."""
    body = {
        "id": test_id,
        "model_name": service.http.get("/training/t-library").json()["model_name"],
        "bot_config": bot_config(files_of(LIBRARY)),
        "files": {"e2e_tests/loans.yml": cases},
    }
    assert service.http.post("/test", json=body).status_code == 200

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = service.http.get(f"/test/{test_id}").json()
        return found if found["status"] != "running" else None

    state = wait_until(ended)
    assert state["status"] == "done", state
    found: dict[str, Any] = state["result"]
    return found


def test_tests_run_the_same_actions(service: Service, library: Assistant) -> None:
    cases = (LIBRARY / "e2e_tests" / "loans.yml").read_text()
    result = e2e_result(service, "loans", cases)
    assert (result["passed"], result["failed"]) == (2, 0), result["cases"]
    left = service.directory / "tests" / "loans"
    assert [path.name for path in left.iterdir()] == ["result.json"]


def test_stub_answers_for_its_action_and_the_others_run(
    service: Service, library: Assistant
) -> None:
    cases = """
stub_custom_actions:
  action_find_book:
    responses: [{text: Plenty.}]
    events: [{event: slot, name: copies_left, value: 9}]
test_cases:
  - test_case: stubbed and not
    steps:
      - user: I want to borrow a book
      - user: /SetSlots(book_title=Unwritten)
      - bot: Plenty.
      - user: /SetSlots(member_number=1897)
      - bot: We are open from nine to five.
"""
    result = e2e_result(service, "stubbed", cases)
    assert (result["passed"], result["failed"]) == (1, 0), result["cases"]
