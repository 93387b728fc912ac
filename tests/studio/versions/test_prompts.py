"""The project's own prompts reach the language model, wherever they lie."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.versions.models import Version
from tests.modelservice.conftest import Service
from tests.project.test_cases import CASES, files_of
from tests.studio.conftest import Import
from tests.studio.versions.conftest import watch_until_still
from tests.studio.versions.test_training import get, talk, train

CASE = "prompts-in-folder-prompt_templates-with-a-model"
PLACE = "prompt_templates/commands.jinja2"


class Model(ThreadingHTTPServer):
    """A language model that keeps the prompts and answers all alike."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answers)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class _Answers(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        asked = json.loads(self.rfile.read(size))
        self.server.prompts.append(asked["messages"][-1]["content"])
        choice = {"message": {"role": "assistant", "content": "start flow send_money"}}
        body = json.dumps({"choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing to standard error."""


@pytest.fixture
def model() -> Iterator[Model]:
    server = Model()
    yield server
    server.shutdown()
    server.server_close()


def project(model: Model, written: str, placed: str) -> dict[str, bytes]:
    """The case with its template at `placed`, named in config.yml as `written`."""
    files = files_of(CASES / CASE)
    template = files.pop(PLACE)
    config = files["config.yml"].decode().replace(PLACE, written)
    config = config.replace("127.0.0.1:18077", f"127.0.0.1:{model.server_port}")
    return {**files, "config.yml": config.encode(), placed: template}


@pytest.mark.parametrize(
    ("written", "placed"),
    [
        (PLACE, PLACE),
        ("./custom/of us.jinja2", "custom/of us.jinja2"),
        ("commands.jinja2", "commands.jinja2"),
        ("prompts/en/commands.jinja2", "prompts/en/commands.jinja2"),
        ("prompts/of us.jinja2", "prompts/of us.jinja2"),
        ("./prompts/commands.jinja2", "prompts/commands.jinja2"),
        ("data/commands.txt", "data/commands.txt"),
        ("prompts/commands", "prompts/commands"),
    ],
)
def test_the_model_is_asked_by_the_template_that_is_named(
    api_client: APIClient,
    import_project: Import,
    service: Service,
    model: Model,
    written: str,
    placed: str,
) -> None:
    imported = import_project(project(model, written, placed))
    base = f"/api/v1/assistants/{imported['assistant']['id']}/"
    version = train(api_client, base).json()
    assert version["warnings"] == []
    watch_until_still()
    assert get(api_client, base, version).json()["status"] == "ready"
    deployment = Version.objects.get(pk=version["id"]).deployment
    [answer] = talk(service, deployment, "please")
    assert answer["text"] == "How much?"
    assert model.prompts == ["MY OWN PROMPT please"]
    service.http.delete(f"/bot/{deployment}")


@pytest.mark.parametrize(
    ("written", "placed"),
    [
        ("prompt_templates/other.jinja2", PLACE),
        ("../commands.jinja2", "commands.jinja2"),
        ("latin.txt", "latin.txt"),
    ],
)
def test_one_that_is_not_there_is_told_and_ours_is_used(
    api_client: APIClient,
    import_project: Import,
    service: Service,
    model: Model,
    written: str,
    placed: str,
) -> None:
    files = project(model, written, placed)
    if placed == "latin.txt":
        files[placed] = "Größe".encode("latin-1")
    imported = import_project(files)
    base = f"/api/v1/assistants/{imported['assistant']['id']}/"
    version = train(api_client, base).json()
    watch_until_still()
    log = get(api_client, base, version, "log/").content.decode()
    assert f"the prompt template '{written}' is not in the project" in log
    deployment = Version.objects.get(pk=version["id"]).deployment
    talk(service, deployment, "please")
    assert "send_money" in model.prompts[0]
    service.http.delete(f"/bot/{deployment}")
