"""Actions that do what no action should: each is told in one sentence, and the assistant lives."""

import time

import pytest

from modelservice.children import launch
from tests.modelservice.assistants import GOOD, Assistant, attempt, start, trick_files
from tests.modelservice.conftest import Service

needs_landlock = pytest.mark.skipif(
    launch.landlock_version() == 0, reason="the kernel has no Landlock"
)
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
        "failed: the project's actions wrote more than 20 MB",
    ),
    "fills_one": ("open('big', 'wb').write(os.urandom(30_000_000))", "File too large"),
    "imports": ("import no_such_module", "the module 'no_such_module' is missing (actions/"),
    "imports_rasa": ("from rasa.core import x", "only Rasa itself has it, use rasa_sdk"),
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


@pytest.fixture(scope="module")
def tricks(strict: Service) -> Assistant:
    bodies = {name: body for name, (body, _) in TRICKS.items()}
    return start(strict, "tricks", trick_files({**bodies, **GOOD}))


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
    after = f"after-{kind}"
    assert attempt(tricks, "answers", after)[0] == "fine", tricks.failure(after)


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


def test_action_sees_the_environment_of_the_allow_list(tricks: Assistant) -> None:
    [names, *_] = attempt(tricks, "environment", "env")
    assert "HOME" in names
    assert "MODEL_SERVICE_SECRET" not in names
    assert "RASA_MODEL_SERVER_PORT" not in names
    assert "OPENAI_API_KEY" not in names


def test_what_a_hung_action_has_started_ends_with_it(strict: Service) -> None:
    hides = "os.setsid() if os.fork() == 0 else None; time.sleep(60)"
    assistant = start(strict, "hiding", trick_files({**GOOD, "hides": hides}))
    before = assistant.processes()
    attempt(assistant, "hides", "ana")
    assert "did not answer within 2 seconds" in assistant.failure()
    assert assistant.processes() == before
    assert attempt(assistant, "answers", "ben")[0] == "fine"


def test_what_cannot_be_found_any_more_holds_nobody_up(strict: Service) -> None:
    lost = (
        "os.setsid() if os.fork() == 0 else time.sleep(60)\n"
        "        os.execve('/bin/sleep', ['sleep', '20'], {})"
    )
    assistant = start(strict, "losing", trick_files({**GOOD, "lost": lost}))
    began = time.monotonic()
    attempt(assistant, "lost", "ana")
    assert "did not answer within 2 seconds" in assistant.failure()
    assert time.monotonic() - began < 15
    assert attempt(assistant, "answers", "ben")[0] == "fine"


def test_module_that_cannot_be_imported_takes_only_its_own_actions_along(strict: Service) -> None:
    files = trick_files({"answers": GOOD["answers"], "absent": "pass", "broken": "pass"})
    whole = files["actions/tricks.py"].replace(b"Trick_absent(Action)", b"Trick_absent(object)")
    good, broken = whole.split(b"\nclass Trick_broken")
    message = b"from rasa.shared.nlu.training_data.message import Message\n"
    files |= {
        "actions/tricks.py": good,
        "actions/__init__.py": b"",
        "actions/broken.py": message + b"class Trick_broken" + broken,
        "actions/another.py": b"def half(:\n",
    }
    assistant = start(strict, "half-broken", files)
    assert attempt(assistant, "answers", "ana")[0] == "fine"
    attempt(assistant, "broken", "ben")
    assert assistant.failure("ben") == (
        "custom action 'action_broken' failed: the module 'rasa.shared.nlu' is missing "
        "(actions/broken.py, line 1): only Rasa itself has it, use rasa_sdk"
    )
    attempt(assistant, "absent", "cleo")
    assert assistant.failure("cleo") == (
        "custom action 'action_absent' failed: no class of the project has this name; there are "
        "action_answers; actions/another.py, actions/broken.py cannot be imported, the log says why"
    )


def test_data_in_json_files_as_templates_keep_them(strict: Service) -> None:
    """By two functions of Rasa, which is not there."""
    body = (
        "from rasa.shared.utils.io import read_json_file\n"
        "        from rasa.nlu.utils import write_json_to_file\n"
        "        count = read_json_file('db/count.json')['count'] + 1\n"
        "        write_json_to_file('db/count.json', {'count': count, 'ü': 1})\n"
        "        dispatcher.utter_message(text=open('db/count.json').read())"
    )
    files = {**trick_files({"count": body}), "db/count.json": b'{"count": 1}'}
    assistant = start(strict, "json-files", files)
    assert attempt(assistant, "count", "ana")[0] == '{\n  "count": 2,\n  "ü": 1\n}'
    assert '"count": 3' in attempt(assistant, "count", "ben")[0]
