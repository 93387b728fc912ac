"""Trainings whose data comes as a zip of the project."""

import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import pytest

from tests.modelservice.conftest import (
    CONFIG,
    DOMAIN,
    FLOWS,
    Realm,
    Service,
    bot_body,
    training_body,
    wait_until,
)
from tests.project.example import lying_zip64

PROJECT = {
    "config.yml": CONFIG,
    "domain/main.yml": DOMAIN,
    "data/flows.yml": FLOWS,
    "endpoints.yml": "",
    "credentials.yml": "inspector:\n",
}


def zipped(files: dict[str, str], *further: tuple[zipfile.ZipInfo, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        for entry, text in further:
            archive.writestr(entry, text)
    return buffer.getvalue()


def sent(service: Service, content: bytes | None, **fields: str) -> httpx2.Response:
    form = {"id": "z-1", "assistant_id": "a1", "client_id": "test", **fields}
    files: Any = {"zip": ("project.zip", content)} if content is not None else {"x": ("x", b"")}
    return service.http.post("/training", data=form, files=files)


@pytest.mark.parametrize("top", ["", "my-project/"])
def test_project_is_trained_and_its_model_is_named_as_the_training(
    service: Service, top: str
) -> None:
    name = f"zip-{len(top)}"
    files = {f"{top}{path}": text for path, text in PROJECT.items()}
    answer = sent(service, zipped(files), id=name)
    assert answer.json() == {"training_id": name, "model_name": name}
    state = service.ended_training(name)
    assert state["status"] == "done", state["logs"]
    service.run(f"d-{name}", name)
    service.http.delete(f"/bot/d-{name}")
    again = sent(service, zipped(files), id=name)
    assert again.status_code == 409


def test_what_leads_out_and_links_are_left_out(service: Service) -> None:
    link = zipfile.ZipInfo("data/link.yml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    files = {**PROJECT, "../outside.yml": "x", "/absolute.yml": "x", ".rasa/cache.db": "x"}
    outside = service.directory / "trainings" / "outside.yml"
    assert sent(service, zipped(files, (link, "/etc/passwd")), id="z-out").status_code == 200
    assert service.ended_training("z-out")["status"] == "done"
    assert not outside.exists()


@pytest.mark.parametrize(
    ("files", "fields", "said"),
    [
        pytest.param(None, {}, "zip file is required", id="no zip"),
        pytest.param({"credentials.yml": "rest:\n"}, {}, "inspector", id="no channel"),
        pytest.param({"endpoints.yml": "models: {url: x}\n"}, {}, "models", id="models"),
        pytest.param({"endpoints.yml": "a: [\n"}, {}, "endpoints.yml", id="no YAML"),
        pytest.param({"big.txt": "0" * 501_000_000}, {}, "MB", id="bomb"),
        pytest.param({}, {"deploy": "perhaps"}, "deploy", id="deploy"),
        pytest.param({}, {"id": "../x"}, "Training id", id="id leads out"),
        pytest.param({}, {"assistant_id": ""}, "Assistant id", id="no assistant"),
    ],
)
def test_bad_zips_are_refused_and_leave_nothing(
    service: Service, files: dict[str, str] | None, fields: dict[str, str], said: str
) -> None:
    before = sorted(service.directory.rglob("*"))
    content = None if files is None else zipped({**PROJECT, **files})
    answer = sent(service, content, **fields)
    assert answer.status_code in {400, 403}, answer.text
    assert said in answer.json()["message"]
    assert sorted(service.directory.rglob("*")) == before


def test_what_is_no_zip_is_refused(service: Service) -> None:
    answer = sent(service, b"PK\x03\x04 no zip")
    assert (answer.status_code, "not a zip" in answer.json()["message"]) == (400, True)
    damaged = bytearray(zipped(PROJECT))
    damaged[40:60] = bytes(20)
    assert sent(service, bytes(damaged)).status_code == 400
    # The classic trailer says that there is one.
    many = sent(service, lying_zip64(200_000))
    assert (many.status_code, "more than 10,000 entries" in many.json()["message"]) == (400, True)


def test_bot_of_a_zip_is_stopped_like_any_other(service: Service) -> None:
    assert sent(service, zipped(PROJECT), id="zip-run").status_code == 200
    service.ended_training("zip-run")
    assert service.http.post("/bot", json=bot_body("d-zip", "zip-run")).status_code == 200
    wait_until(lambda: service.bot("d-zip")["status"] == "running")
    service.http.delete("/bot/d-zip")
    project = "0b1c2d3e-0000-4000-8000-000000000001"
    body = {"id": "p-1", "assistant_id": project}
    assert sent(service, zipped(PROJECT), **body).status_code == 200
    service.ended_training("p-1")
    service.run("p-1", "p-1")
    assert service.http.delete(f"/projects/{project}").status_code == 204
    assert service.http.get("/training/p-1").status_code == 404
    assert service.http.get("/bot/p-1").status_code == 404
    assert service.http.get("/models/p-1").status_code == 404
    assert service.http.delete("/projects/NO-UUID").status_code == 400


async def test_project_that_is_to_be_deployed_runs_when_it_is_trained_and_again(
    service: Service, realm: Realm
) -> None:
    content = zipped({**PROJECT, ".git/config": "x", "prompts/a.jinja2": "b"})
    assert sent(service, content, id="zip-dep", deploy="True").status_code == 200
    assert service.ended_training("zip-dep")["status"] == "done"
    wait_until(lambda: service.bot("zip-dep").get("status") == "running")
    folder = service.directory / "bots" / "zip-dep"
    assert (folder / "prompts/a.jinja2").read_text() == "b"
    assert not (folder / ".git").exists()
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{service.url}/talk/zip-dep") as socket,
    ):
        await socket.send_json({"type": "authenticate", "token": realm.token("Developer")})
        assert (await socket.receive_json(timeout=5))["type"] == "session_confirm"

    before = service.bot("zip-dep")
    again = sent(service, content, id="zip-dep", deploy="true")
    assert (again.status_code, again.json()["model_name"]) == (200, "zip-dep")
    assert service.bot("zip-dep")["status"] == "queued", before
    wait_until(lambda: service.bot("zip-dep")["status"] == "running")
    assert sent(service, content, id="zip-dep").status_code == 409
    assert sent(service, content, id="zip-not").status_code == 200
    service.ended_training("zip-not")
    refused = sent(service, content, id="zip-not", deploy="true")
    assert (refused.status_code, refused.json()["message"]) == (400, "Existing was not deploy=true")
    service.http.delete("/bot/zip-dep")


def test_what_cannot_be_deployed_is_refused_or_said_in_the_log(
    tmp_path: Path, realm: Realm, service: Service
) -> None:
    odd = sent(service, zipped({**PROJECT, "data/a b.yml": ""}), id="zip-odd", deploy="true")
    assert (odd.status_code, "'data/a b.yml'" in odd.json()["message"]) == (400, True)
    body = {**training_body("json-dep"), "deploy": True}
    assert service.http.post("/training", json=body).status_code == 400
    full = Service(tmp_path, realm, MAX_PARALLEL_BOT_RUNS="0")
    try:
        sent(full, zipped(PROJECT), id="zip-full", deploy="true")
        state = full.ended_training("zip-full")
        assert (state["status"], "not deployed: Too many parallel" in state["logs"]) == (
            "done",
            True,
        )
    finally:
        full.stop()
