"""The programs in `deploy/docs/api.md` do what the page says, as they stand there."""

import io
import os
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.ingestion.events import turn
from tests.modelservice.conftest import wait_until
from tests.project.example import zip_of
from tests.running_studio import PASSWORD, ROOT, RunningStudio, studio_alone

PAGE = (ROOT / "deploy/docs/api.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^### (.+?)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# (language, program) by the title of its recipe, each of which has one.
BLOCKS = {title: block for title, text in _SECTION.findall(PAGE) for block in _BLOCK.findall(text)}
RECIPES = {
    "Import and train in CI",
    "Export every night",
    "Tag conversations",
    "Fetch the newest model",
    "Move an assistant to another installation",
}
SIGN_IN = re.findall(r"```sh\n(export STUDIO_TOKEN=.*?)```", PAGE, re.DOTALL)
SECRET = "of programs that ask for models"
# Small enough to train in a moment.
FILES = {
    "data/flows.yml": b"flows:\n  tea:\n    description: order a tea\n    steps:\n"
    b"      - action: utter_tea\n",
    "domain.yml": b"responses:\n  utter_tea:\n    - text: One tea.\n",
    "config.yml": b"recipe: default.v1\nlanguage: en\npipeline: []\n",
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    directory = tmp_path_factory.mktemp("one")
    with studio_alone(directory, STUDIO_EXTERNAL_CLIENT_SECRET=SECRET) as running:
        yield running


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(tmp_path_factory.mktemp("other")) as running:
        yield running


def run(title: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    language, program = BLOCKS[title]
    command = {"python": [sys.executable, "-c"], "sh": ["sh", "-c"]}[language]
    return subprocess.run(
        [*command, program],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def token(way: str, studio: RunningStudio) -> str:
    """By the program of the page that signs in this way."""
    [program] = [each for each in SIGN_IN if f"grant_type={way}" in each]
    done = subprocess.run(
        ["sh", "-c", f"{program}\nprintf %s $STUDIO_TOKEN"],
        env={
            **os.environ,
            "STUDIO_URL": studio.url,
            "STUDIO_USER": "admin",
            "STUDIO_PASSWORD": PASSWORD,
            "STUDIO_SECRET": SECRET,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def of_person(studio: RunningStudio) -> dict[str, str]:
    return {"STUDIO_URL": studio.url, "STUDIO_TOKEN": token("password", studio)}


def of_program(studio: RunningStudio) -> dict[str, str]:
    return {"STUDIO_URL": studio.url, "STUDIO_TOKEN": token("client_credentials", studio)}


def assistant_named(api: httpx2.Client, name: str) -> dict[str, Any]:
    [found] = [each for each in api.get("assistants/").json()["results"] if each["name"] == name]
    return dict(found)


@pytest.fixture(scope="module")
def trained(studio: RunningStudio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of an assistant that the first recipe has made."""
    folder = tmp_path_factory.mktemp("ci")
    (folder / "project.zip").write_bytes(zip_of(FILES))
    variables = {**of_person(studio), "NAME": "From CI", "PROJECT": "project.zip"}
    done = run("Import and train in CI", folder, **variables, COMMIT="abc")
    assert (done.returncode, done.stdout) == (0, "Version 1: ready\n"), done.stderr
    return str(assistant_named(studio.api(), "From CI")["id"])


def test_the_page_has_all_five() -> None:
    assert set(BLOCKS) == RECIPES
    assert len(SIGN_IN) == 2


def test_import_and_train(studio: RunningStudio, trained: str, tmp_path: Path) -> None:
    changed = {**FILES, "domain.yml": FILES["domain.yml"].replace(b"One tea", b"Two teas")}
    (tmp_path / "project.zip").write_bytes(zip_of(changed))
    variables = {**of_person(studio), "NAME": "From CI", "PROJECT": "project.zip"}
    done = run("Import and train in CI", tmp_path, **variables)
    assert (done.returncode, done.stdout) == (0, "Version 2: ready\n"), done.stderr
    with studio.api() as api:
        response = api.get(f"assistants/{trained}/responses/utter_tea/").json()
    assert response["body"] == [{"text": "Two teas."}]
    (tmp_path / "project.zip").write_bytes(zip_of({"data/flows.yml": b"flows: [1\n"}))
    refused = run("Import and train in CI", tmp_path, **variables)
    assert refused.returncode == 1
    assert "data/flows.yml" in refused.stderr


def test_export_every_night(studio: RunningStudio, trained: str, tmp_path: Path) -> None:
    done = run("Export every night", tmp_path, **of_person(studio), FOLDER=str(tmp_path))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / f"{trained}.zip") as exported:
        assert exported.read("data/flows.yml") == FILES["data/flows.yml"]


def test_tag_conversations(studio: RunningStudio, trained: str, tmp_path: Path) -> None:
    studio.write(turn("From CI", at=time.time() - 60))
    with studio.api() as api:
        found = wait_until(lambda: api.get("conversations/").json()["results"], 30)
        for word, tagged in (("nobody-says-this", 0), ("money", 1)):
            done = run("Tag conversations", tmp_path, **of_program(studio), WORD=word, TAG="sums")
            assert (done.returncode, done.stdout) == (0, f"{tagged} tagged\n"), done.stderr
        [tag] = api.get(f"conversations/{found[0]['id']}/").json()["tags"]
    assert tag["name"] == "sums"


def test_fetch_the_newest_model(studio: RunningStudio, trained: str, tmp_path: Path) -> None:
    done = run("Fetch the newest model", tmp_path, **of_program(studio), ASSISTANT=trained)
    assert done.returncode == 0, done.stderr
    with tarfile.open(fileobj=io.BytesIO((tmp_path / "model.tar.gz").read_bytes())) as model:
        assert model.getnames()


def test_move_an_assistant(
    studio: RunningStudio, other: RunningStudio, trained: str, tmp_path: Path
) -> None:
    done = run(
        "Move an assistant to another installation",
        tmp_path,
        **of_person(studio),
        ASSISTANT=trained,
        OTHER_URL=other.url,
        OTHER_TOKEN=token("password", other),
        NAME="Moved",
    )
    assert done.returncode == 0, done.stderr
    with other.api() as api:
        moved = assistant_named(api, "Moved")
        assert moved["id"] == done.stdout.strip()
        flow = api.get(f"assistants/{moved['id']}/flows/tea/").json()
    assert flow["body"]["description"] == "order a tea"
