"""Running assistants whose projects bring actions, and how a test talks to them."""

import base64
from pathlib import Path
from typing import Any

import httpx2
import psutil

from modelservice.service.processes import MARK
from tests.modelservice.conftest import Service, encoded, wait_until

LIBRARY = Path(__file__).resolve().parent.parent / "projects" / "book_loans"


def files_of(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


class Assistant:
    """An assistant that runs; `say` is one turn on a channel of its own."""

    def __init__(self, service: Service, deployment_id: str) -> None:
        self.service = service
        self.deployment_id = deployment_id
        bots = service.http.get("/").json()["bots"]
        [url] = [b["internal_url"] for b in bots if b["deployment_id"] == deployment_id]
        self.http = httpx2.Client(base_url=url, timeout=30)

    def say(self, text: str, sender: str = "ana") -> list[str]:
        message = {"sender": sender, "message": text}
        answer = self.http.post("/webhooks/rest/webhook", json=message)
        return [said.get("text", "") for said in answer.json()]

    def slots(self, sender: str = "ana") -> dict[str, Any]:
        found: dict[str, Any] = self.tracker(sender)["slots"]
        return found

    def tracker(self, sender: str = "ana") -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(f"/conversations/{sender}/tracker").json()
        return found

    def failure(self, sender: str = "ana") -> str:
        """Why the latest action that failed did."""
        found = [
            event["metadata"]["execution_error_message"]
            for event in self.tracker(sender)["events"]
            if event["event"] == "action" and event["metadata"].get("execution_success") is False
        ]
        return str(found[-1])

    @property
    def log(self) -> str:
        return str(self.service.bot(self.deployment_id)["logs"])

    @property
    def directory(self) -> Path:
        return self.service.directory / "bots" / self.deployment_id

    def processes(self) -> list[psutil.Process]:
        """The assistant's, and all that runs beside it."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == str(self.directory):
                    found.append(process)
            except psutil.Error:
                continue
        return found


def bot_config(
    files: dict[str, bytes], endpoints: str = "action_endpoint: {actions_module: actions}"
) -> dict[str, Any]:
    """What the backend sends of a project to start it."""
    kept = {
        path: base64.b64encode(content).decode()
        for path, content in files.items()
        if path.split("/")[0] in {"actions", "db"} or path == "requirements.txt"
    }
    texts = {"config": files["config.yml"].decode(), "credentials": "rest:\n"}
    return {
        **{name: encoded(text) for name, text in {**texts, "endpoints": endpoints}.items()},
        "files": kept,
    }


def start(
    service: Service, deployment_id: str, files: dict[str, bytes], endpoints: str = ""
) -> Assistant:
    texts = {path: content.decode() for path, content in files.items()}
    domain, flows, config = (
        texts[path] for path in ("domain/domain.yml", "data/flows.yml", "config.yml")
    )
    endpoints = endpoints or "action_endpoint: {actions_module: actions}"
    trained = service.train(
        f"t-{deployment_id}", domain=domain, flows=flows, config=config, endpoints=endpoints
    )
    assert trained["status"] == "done", trained["logs"]
    body = {
        "deployment_id": deployment_id,
        "model_name": trained["model_name"],
        "bot_config": bot_config(files, endpoints),
    }
    started = service.http.post("/bot", json=body)
    assert started.status_code == 200, started.text
    wait_until(lambda: service.bot(deployment_id)["status"] == "running")
    return Assistant(service, deployment_id)


TRICKS_CONFIG = b"recipe: default.v1\nlanguage: en\nassistant_id: tricks\n"
HEAD = """
import asyncio, os, sys, threading, time
from rasa_sdk import Action, FormValidationAction, ValidationAction
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection
"""
# Bodies of `run` that do nothing wrong.
GOOD = {
    "answers": "dispatcher.utter_message(text='fine'); return [SlotSet('result', os.getpid())]",
    "nothing": "pass",
    "refuses": "raise ActionExecutionRejection('action_refuses', 'not now')",
    "forks": "os.fork(); dispatcher.utter_message(text='fine')",
    "hides": "if os.fork() == 0:\n            os.setsid(); time.sleep(600)",
    "environment": "dispatcher.utter_message(text=','.join(sorted(os.environ)))",
}


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
        "config.yml": TRICKS_CONFIG,
        "data/flows.yml": flows.encode(),
        "domain/domain.yml": domain.encode(),
        "actions/tricks.py": (HEAD + classes + more).encode(),
    }


def attempt(assistant: Assistant, kind: str, sender: str) -> list[str]:
    assistant.say("try an action", sender)
    return assistant.say(f"/SetSlots(kind={kind})", sender)
