"""Group `actions`: custom actions of a project's own module, beside an HTTP action server."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx2

from modelservice.service.ports import free_port
from tests.bench.figures import Figure, percentile
from tests.modelservice.assistants import Assistant, start
from tests.modelservice.conftest import Realm, Service

STARTS = 5
CALLS = 200
START_SECONDS = 30
# What templates do: look something up in a JSON file, say it, set a slot.
ACTION = """
import json
from rasa_sdk import Action
from rasa_sdk.events import SlotSet


class LookUp(Action):
    def name(self):
        return "action_look_up"

    def run(self, dispatcher, tracker, domain):
        with open("db/rates.json") as file:
            rate = json.load(file)["dollar"]
        dispatcher.utter_message(text=f"One euro is {rate} dollars.")
        return [SlotSet("rate", rate)]
"""
FLOWS = """
flows:
  look_up:
    description: look up the exchange rate
    steps: [{action: action_look_up}]
  pattern_completed:
    description: nothing more is asked
    steps: [{noop: true, next: END}]
"""
DOMAIN = """
actions: [action_look_up]
slots: {rate: {type: any, mappings: [{type: controlled}]}}
"""
# The function alone, in a Python that has been started for it.
BARE = """
import time
from actions.look_up import LookUp
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
run, tracker = LookUp().run, Tracker("a", {}, {}, [], False, None, {}, "x")
times = []
for _ in range(1000):
    begun = time.perf_counter()
    run(CollectingDispatcher(), tracker, {})
    times.append(time.perf_counter() - begun)
print(sorted(times)[500] * 1000)
"""


def measure() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="studio-bench-"))
    files = {
        "config.yml": b"recipe: default.v1\nlanguage: en\nassistant_id: rates\n",
        "data/flows.yml": FLOWS.encode(),
        "domain/domain.yml": DOMAIN.encode(),
        "actions/__init__.py": b"",
        "actions/look_up.py": ACTION.encode(),
        "db/rates.json": b'{"dollar": 1.09}',
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    realm = Realm()
    service = Service(folder / "service", realm, MODEL_SERVICE_WARM_CHILDREN="1")
    try:
        own = [start(service, f"own-{number}", files) for number in range(STARTS)]
        firsts = [_milliseconds(each, 1)[0] / 1000 for each in own]
        later = _milliseconds(own[0], CALLS)
        with _action_server(folder) as url:
            endpoints = f"action_endpoint: {{url: '{url}'}}"
            by_server = _milliseconds(start(service, "by-url", files, endpoints), CALLS)
    finally:
        service.stop()
        realm.server.shutdown()
    bare = _bare(folder)
    server = f"HTTP action server median {median(by_server):.1f} ms, p95 " + (
        f"{percentile(by_server, 0.95):.1f} ms; bare function {bare:.2f} ms"
    )
    imports = f"Python with rasa-sdk imported {_import_seconds(folder):.2f} s"
    return [
        Figure("actions", "first action after start, median", median(firsts), "s", imports, 1.5),
        Figure(
            "actions", "later ones over the function, median", median(later) - bare, "ms", server, 5
        ),
        Figure(
            "actions",
            "later ones over the function, p95",
            percentile(later, 0.95) - bare,
            "ms",
            server,
            5,
        ),
    ]


def _milliseconds(assistant: Assistant, calls: int) -> list[float]:
    """What the assistant notes of each call of the action, each in a conversation of its own."""
    times = []
    for number in range(calls):
        sender = f"caller-{number}-{time.time_ns()}"
        said = assistant.say("look up the exchange rate", sender)
        if "One euro is 1.09 dollars." not in said:
            raise RuntimeError(f"the action did not answer: {said}")
        times += [
            event["metadata"]["milliseconds"]
            for event in assistant.tracker(sender)["events"]
            if event["event"] == "action" and event["name"] == "action_look_up"
        ]
    return times


@contextmanager
def _action_server(folder: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            if time.monotonic() > deadline:
                raise RuntimeError("the action server did not start")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False


def _bare(folder: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-c", BARE], cwd=folder, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def _import_seconds(folder: Path) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-c", "import rasa_sdk.executor, actions.look_up"]
    subprocess.run(command, cwd=folder, check=True)
    return time.perf_counter() - begun
