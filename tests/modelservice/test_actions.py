"""Custom actions of a project's own module, run by a real model service beside a real assistant."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from modelservice.children import launch
from tests.modelservice.assistants import LIBRARY, Assistant, bot_config, files_of, start
from tests.modelservice.conftest import Realm, Service, wait_until

needs_landlock = pytest.mark.skipif(
    launch.landlock_version() == 0, reason="the kernel has no Landlock"
)


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


# -- actions that do what no action should ---------------------------------------------------------

CONFIG = b"recipe: default.v1\nlanguage: en\nassistant_id: tricks\n"
HEAD = """
import asyncio, os, sys, threading, time
from rasa_sdk import Action, FormValidationAction, ValidationAction
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection
"""
# The body of `run` by the name of the action, and what is said of its failure.
TRICKS = {
    "raises": ("raise ValueError('no\\nsuch')", "failed: ValueError: no such (actions/tricks.py, "),
    "hangs": ("time.sleep(60)", "failed: it did not answer within 2 seconds"),
    "waits": ("await asyncio.sleep(60)", "failed: it did not answer within 2 seconds"),
    "prints": ("while True: print('x' * 1000)", "failed: it printed more than 1 MB"),
    "exits": ("sys.exit(3)", "failed: it called sys.exit() (actions/"),
    "leaves": ("os._exit(3)", "failed: it ended its process (exit code 3)"),
    "dies": ("os.kill(os.getpid(), 9)", "failed: its process was ended by signal 9"),
    "fills": (
        "for n in range(100):\n"
        "            open(f'big{n}', 'wb').write(os.urandom(5_000_000))\n"
        "            await asyncio.sleep(0.2)",
        "failed: it wrote more than 20 MB",
    ),
    "fills_one": ("open('big', 'wb').write(os.urandom(30_000_000))", "File too large"),
    "imports": ("import no_such_module", "the module 'no_such_module' is missing (actions/"),
    "text": ("return 'done'", "it returned 'str', and an action returns a list of events"),
    "number": ("return 7", "it returned 'int', and an action returns a list of events"),
    "unknown_type": ("return [SlotSet('kind', object())]", "is not JSON serializable"),
    "long": ("dispatcher.utter_message(text='x' * 3_000_000)", "it answered more than 2 MB"),
    "needs_memory": ("b = bytearray(2_000_000_000)", "failed: it needs more memory than it may"),
    "closes": ("os.closerange(3, 200); return []", "failed: "),
    "other_files": (
        "open('../endpoints.yml').read()",
        "failed: PermissionError: [Errno 13] Permission denied",
    ),
    "listens": (
        "import socket; socket.create_server(('127.0.0.1', 18123))",
        "failed: PermissionError: [Errno 13] Permission denied",
    ),
}  # fmt: skip


def trick_files(bodies: dict[str, str], more: str = "") -> dict[str, bytes]:
    """A project with a flow for each action; `try raises` is the message that starts it."""
    classes = "".join(
        f"""
class Trick_{name}(Action):
    def name(self):
        return "action_{name}"

    {"async " if "await" in body else ""}def run(self, dispatcher, tracker, domain):
        {body}
"""
        for name, body in bodies.items()
    )
    actions = "".join(f"  - action_{name}\n" for name in bodies)
    branches = "".join(
        f"          - if: slots.kind = '{name}'\n"
        f"            then: [{{action: action_{name}, next: END}}]\n"
        for name in bodies
    )
    flows = (
        "flows:\n  try_action:\n    description: try an action\n    steps:\n"
        f"      - collect: kind\n        next:\n{branches}"
        "          - else: [{action: utter_unknown, next: END}]\n"
    )
    domain = (
        f"actions:\n{actions}"
        "slots:\n  kind: {type: text}\n  result: {type: any, mappings: [{type: controlled}]}\n"
        "responses:\n  utter_ask_kind: [{text: Which?}]\n  utter_unknown: [{text: unknown}]\n"
    )
    return {
        "config.yml": CONFIG,
        "data/flows.yml": flows.encode(),
        "domain/domain.yml": domain.encode(),
        "actions/tricks.py": (HEAD + classes + more).encode(),
    }


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    """A service that gives actions little."""
    made = Service(
        tmp_path_factory.mktemp("strict"),
        realm,
        MODEL_SERVICE_ACTION_MS="2000",
        MODEL_SERVICE_ACTION_FILES_MB="20",
        MODEL_SERVICE_ACTION_MEMORY_MB="500",
    )
    yield made
    made.stop()


GOOD = {
    "answers": "dispatcher.utter_message(text='fine'); return [SlotSet('result', os.getpid())]",
    "nothing": "pass",
    "refuses": "raise ActionExecutionRejection('action_refuses', 'not now')",
    "forks": "os.fork(); dispatcher.utter_message(text='fine')",
    "hides": "if os.fork() == 0:\n            os.setsid(); time.sleep(600)",
    "environment": "dispatcher.utter_message(text=','.join(sorted(os.environ)))",
}


@pytest.fixture(scope="module")
def tricks(strict: Service) -> Assistant:
    bodies = {name: body for name, (body, _) in TRICKS.items()}
    return start(strict, "tricks", trick_files({**bodies, **GOOD}))


def attempt(assistant: Assistant, kind: str, sender: str) -> list[str]:
    assistant.say("try an action", sender)
    return assistant.say(f"/SetSlots(kind={kind})", sender)


@needs_landlock
@pytest.mark.parametrize("kind", TRICKS)
def test_bad_action_is_told_in_a_sentence_and_the_assistant_lives(
    tricks: Assistant, kind: str
) -> None:
    attempt(tricks, kind, kind)
    failure = tricks.failure(kind)
    assert failure.startswith(f"custom action 'action_{kind}' failed: ")
    assert TRICKS[kind][1] in failure
    assert "\n" not in failure
    assert len(failure) < 500
    assert attempt(tricks, "answers", f"after-{kind}")[0] == "fine"


def test_actions_that_return_nothing_refuse_or_fork(tricks: Assistant) -> None:
    attempt(tricks, "nothing", "s1")
    events = [event["event"] for event in tricks.tracker("s1")["events"]]
    assert "action_execution_rejected" not in events
    attempt(tricks, "refuses", "s2")
    events = [event["event"] for event in tricks.tracker("s2")["events"]]
    assert "action_execution_rejected" in events
    assert attempt(tricks, "forks", "s3")[0] == "fine"
    assert attempt(tricks, "forks", "s4")[0] == "fine"


def test_action_that_is_not_there_is_named_with_those_that_are(strict: Service) -> None:
    files = trick_files({"answers": GOOD["answers"], "absent": "pass"})
    code = files["actions/tricks.py"].replace(b"Trick_absent(Action)", b"Trick_absent(object)")
    assistant = start(strict, "absent", {**files, "actions/tricks.py": code})
    attempt(assistant, "absent", "ana")
    assert assistant.failure() == (
        "custom action 'action_absent' failed: no class of the project has this name; "
        "there are action_answers"
    )


@pytest.mark.parametrize(
    ("deployment_id", "code", "said"),
    [
        ("syntax", "def broken(:\n", "actions/tricks.py, line 1: "),
        ("missing", "import no_such_module", "the module 'no_such_module' is missing (actions/"),
        ("raising", "raise RuntimeError('no database')", "RuntimeError: no database (actions/"),
        ("exiting", "import sys; sys.exit(1)", "it called sys.exit() (actions/"),
    ],
)
def test_module_that_cannot_be_imported(
    strict: Service, deployment_id: str, code: str, said: str
) -> None:
    files = {**trick_files({"answers": "pass"}), "actions/tricks.py": code.encode()}
    assistant = start(strict, deployment_id, files)
    attempt(assistant, "answers", "ana")
    assert f"custom action 'action_answers' failed: {said}" in assistant.failure()


def test_project_without_the_module(strict: Service) -> None:
    files = trick_files({"answers": "pass"})
    del files["actions/tricks.py"]
    assistant = start(strict, "no-module", files)
    attempt(assistant, "answers", "ana")
    assert assistant.failure().endswith(
        "failed: the project has no module 'actions', which action_endpoint names"
    )


# -- the process ----------------------------------------------------------------------------------


def test_action_sees_the_environment_of_the_allow_list(tricks: Assistant) -> None:
    [names, *_] = attempt(tricks, "environment", "env")
    assert "HOME" in names
    assert "MODEL_SERVICE_SECRET" not in names
    assert "RASA_MODEL_SERVER_PORT" not in names


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


def test_url_of_an_action_server_wins(strict: Service) -> None:
    endpoints = "action_endpoint: {actions_module: actions, url: 'http://127.0.0.1:9/webhook'}"
    assistant = start(strict, "by-url", trick_files({"answers": "pass"}), endpoints)
    attempt(assistant, "answers", "ana")
    assert (
        "the action server at http://127.0.0.1:9/webhook cannot be reached" in assistant.failure()
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
