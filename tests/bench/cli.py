"""Group `cli`: a large project is uploaded, pushed and fetched as the Rasa CLI does it."""

import io
import json
import re
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import psutil
from ruamel.yaml import YAML

from modelservice.project.yaml_writer import to_yaml
from tests.bench.figures import Figure
from tests.cli.client import Answer, CliClient, LocalProject
from tests.cli.spelled import spelled_out
from tests.ingestion.events import NOW, turn
from tests.modelservice.conftest import wait_until
from tests.running_studio import RunningStudio

FLOWS, STEPS, RESPONSES, SLOTS = 1000, 12, 5000, 1000
_NAME = "large"
_CONVERSATIONS, _EVENTS = 1000, 20
RAW = (
    "query R($input: RawConversationsInput!)"
    "{ rawConversations(input: $input) { conversations { id conversationEvents } count } }"
)


class _Server:
    """What the server takes; a client writes and reads its YAML before and after."""

    def __init__(self, api: httpx2.Client, address: str) -> None:
        self._api = api
        self._address = address
        self._seconds = 0.0

    def post(self, body: Mapping[str, Any]) -> Answer:
        started = time.perf_counter()
        answer = self._api.post(self._address, json=body)
        self._seconds = time.perf_counter() - started
        return answer.status_code, answer.json()

    def seconds_of(self, do: Callable[[], object]) -> float:
        """Of the last request that it makes."""
        do()
        return self._seconds


def measure() -> list[Figure]:
    project = large_project()
    with RunningStudio() as studio, studio.api() as api:
        server = _Server(api, f"{studio.url}/api/graphql/")
        cli = CliClient(server.post)
        uploaded = server.seconds_of(lambda: cli.upload(_NAME, project))
        again = server.seconds_of(lambda: cli.push(_NAME, project))
        project.flows["flow_7"]["steps"][3]["description"] = "another description"
        one = server.seconds_of(lambda: cli.push(_NAME, project))
        fetched = server.seconds_of(lambda: cli.export(_NAME))
        raw, rows, grown, size = _conversations(studio, server, cli)
    yaml = f"ruamel.yaml parse and dump {_ruamel_seconds(project):.1f} s"
    git = f"git push of it {_git_seconds(project):.2f} s"
    return [
        Figure("cli", "upload of 1,000 flows of 12 steps", uploaded, "s", yaml, 3),
        Figure("cli", "push that changes nothing", again, "s", git, 1),
        Figure("cli", "push that changes one flow", one, "s", git, 1),
        Figure("cli", "fetch it all", fetched, "s", yaml, 1),
        Figure("cli", "1,000 conversations of 20,000 events", raw, "s", rows, 1),
        Figure(
            "cli", "memory that it takes meanwhile", grown, "MB", f"its answer {size:.1f} MB", 5
        ),
    ]


def _conversations(
    studio: RunningStudio, server: _Server, cli: CliClient
) -> tuple[float, str, float, float]:
    """Seconds for them by `rawConversations`, and what reading their rows alone takes; by how many
    MB all processes grow meanwhile, and the MB of the answer."""
    assistant = str(cli.id_of(_NAME))
    for number in range(_CONVERSATIONS):
        said = turn(assistant, f"sender-{number}", NOW + number)
        events = [
            {**event, "timestamp": event["timestamp"] + round * 0.1}
            for round in range(-(-_EVENTS // len(said)))
            for event in said
        ]
        studio.write(events[:_EVENTS])
    database = studio.directory / "studio.sqlite3"
    wait_until(lambda: _count(database) >= _CONVERSATIONS * _EVENTS, 120)
    body = {
        "query": RAW,
        "variables": {"input": {"assistantName": _NAME, "limit": _CONVERSATIONS}},
    }
    seconds = server.seconds_of(lambda: _checked(server.post(body)))
    rows = f"the same SELECT, streamed {_seconds(lambda: _rows(database)):.2f} s"
    before = _resident(studio)
    for process in _processes(studio):  # the peak is from now on
        Path(f"/proc/{process.pid}/clear_refs").write_text("5")
    answer = server.post(body)
    grown = _resident(studio, "VmHWM") - before
    return seconds, rows, grown, len(json.dumps(answer[1])) / 1e6


def _processes(studio: RunningStudio) -> list[psutil.Process]:
    parent = psutil.Process(studio.process.pid)
    return [parent, *parent.children(recursive=True)]


def _resident(studio: RunningStudio, line: str = "VmRSS") -> float:
    """MB; `VmHWM` is the most that it was."""
    statuses = (Path(f"/proc/{each.pid}/status").read_text() for each in _processes(studio))
    found = (re.search(rf"{line}:\s+(\d+) kB", status) for status in statuses)
    return sum(int(each[1]) for each in found if each) / 1000


def _checked(answer: Answer) -> None:
    found = answer[1]["data"]["rawConversations"]["conversations"]
    assert sum(len(each["conversationEvents"]) for each in found) == _CONVERSATIONS * _EVENTS


def _count(database: Path) -> int:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM conversations_event")
    return int(count)


def _rows(database: Path) -> int:
    query = "SELECT conversation_id, data FROM conversations_event ORDER BY at, id"
    with closing(sqlite3.connect(database)) as connection:
        return sum(1 for _row in connection.execute(query))


def large_project() -> LocalProject:
    slots = {f"slot_{n}": {"type": "text"} for n in range(SLOTS)}
    responses = {
        f"utter_{n}": [{"text": f"This is what I say for number {n}."}] for n in range(RESPONSES)
    } | {f"utter_ask_slot_{n}": [{"text": f"What about {n}?"}] for n in range(SLOTS)}
    return LocalProject(
        flows={f"flow_{n}": _flow(n) for n in range(FLOWS)},
        domain={"version": "3.1", "slots": slots, "responses": responses},
        config="recipe: default.v1\nlanguage: en\npolicies:\n- name: FlowPolicy\n",
        endpoints="action_endpoint:\n  actions_module: actions\n",
    )


def _flow(number: int) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for step in range(STEPS):
        about = (number * STEPS + step) % SLOTS
        if step % 3 == 0:
            steps.append({"collect": f"slot_{about}", "description": f"what about {about}"})
        else:
            steps.append({"action": f"utter_{(number * STEPS + step) % RESPONSES}"})
    return {"name": f"job {number}", "description": f"does job number {number}", "steps": steps}


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _texts(project: LocalProject) -> dict[str, str]:
    flows = {key: spelled_out(key, body) for key, body in project.flows.items()}
    return {"flows.yml": to_yaml({"flows": flows}), "domain.yml": to_yaml(project.domain)}


def _ruamel_seconds(project: LocalProject) -> float:
    yaml = YAML()
    started = time.perf_counter()
    for text in _texts(project).values():
        yaml.dump(yaml.load(text), io.StringIO())
    return time.perf_counter() - started


def _git_seconds(project: LocalProject) -> float:
    """Of the same texts into a bare repository of this machine."""
    with tempfile.TemporaryDirectory() as folder:
        bare, own = Path(folder) / "bare", Path(folder) / "own"
        _git(Path(folder), "init", "--quiet", "--bare", str(bare))
        _git(Path(folder), "init", "--quiet", str(own))
        for name, text in _texts(project).items():
            (own / name).write_text(text, encoding="utf-8")
        _git(own, "add", ".")
        _git(own, "-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "-qm", "all")
        started = time.perf_counter()
        _git(own, "push", "--quiet", str(bare), "HEAD:main")
        return time.perf_counter() - started


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
