"""The Rasa CLI itself, unmodified, against `make up`.

It wants a licence of Rasa Pro in RASA_LICENSE, and the Python that it is installed in as
MODEL_SERVICE_RASA_PRO; without them this is not run.
"""

import io
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from modelservice.project.yaml_reader import parse_yaml
from tests.running_studio import PASSWORD, RunningStudio, studio_alone

PRO = os.environ.get("MODEL_SERVICE_RASA_PRO", "")
pytestmark = pytest.mark.skipif(
    not PRO or not os.environ.get("RASA_LICENSE"),
    reason="the Rasa CLI needs MODEL_SERVICE_RASA_PRO and RASA_LICENSE",
)
_SECONDS = 300  # a command validates the project, and imports all of Rasa before
Cli = Callable[..., str]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(tmp_path_factory.mktemp("cli")) as running:
        yield running


@pytest.fixture
def api(studio: RunningStudio) -> Iterator[httpx2.Client]:
    with studio.api() as client:
        yield client


@pytest.fixture
def cli(studio: RunningStudio, tmp_path: Path) -> Cli:
    """What a command prints that ends well; signed in already."""
    home = tmp_path / "home"
    (home / ".config" / "rasa").mkdir(parents=True)
    variables = {
        **os.environ,
        "HOME": str(home),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_STUDIO_CLI_STUDIO_URL": f"{studio.url}/api/graphql/",
        "RASA_STUDIO_AUTH_SERVER_URL": f"{studio.url}/auth/",
        "RASA_STUDIO_CLI_REALM_NAME_KEY": "rasa-studio",
        "RASA_STUDIO_CLI_CLIENT_ID_KEY": "admin-cli",
    }

    def run(*arguments: str, folder: Path) -> str:
        done = subprocess.run(
            [PRO, "-m", "rasa", "studio", *arguments],
            cwd=folder,
            env=variables,
            input="y\n",
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        return said

    run("login", "--username", "admin", "--password", PASSWORD, folder=tmp_path)
    return run


@pytest.fixture
def folder(api: httpx2.Client, tmp_path: Path) -> Path:
    """The bank sample as files."""
    made = api.post("assistants/", json={"name": "Sample", "sample": "bank"}).json()["id"]
    export = api.get(f"assistants/{made}/export/", follow_redirects=True)
    api.delete(f"assistants/{made}/")
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        archive.extractall(tmp_path / "bank")
    return tmp_path / "bank"


def test_what_goes_in_comes_out(cli: Cli, api: httpx2.Client, folder: Path) -> None:
    cli("upload", "bank", folder=folder)
    cli("link", "bank", folder=folder)
    cli("download", "bank", folder=folder.parent / "home")
    assert flows_of(folder.parent / "home" / "bank") == flows_of(folder)

    [first, *_rest] = flows_of(folder)
    for file in folder.glob("data/flows/*.yml"):
        text = file.read_text()
        file.write_text(text.replace("description: ", "description: Really, ", 1))
    cli("push", folder=folder)
    before = texts_of(folder)
    cli("pull", folder=folder)
    once = texts_of(folder)
    cli("pull", folder=folder)
    assert texts_of(folder) == once, "a pull after a pull changes nothing"
    assert flows_of(folder)[first]["description"].startswith("Really, ")
    assert before.keys() <= once.keys()

    [row] = [row for row in api.get("assistants/").json()["results"] if row["name"] == "bank"]
    flow = api.get(f"assistants/{row['id']}/flows/{first}/").json()
    assert flow["description"].startswith("Really, ")


def flows_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted(folder.glob("data/**/*.yml")):
        found |= (parse_yaml(file.read_text(), file.name).value or {}).get("flows", {})
    return found


def texts_of(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*.yml") if ".rasa" not in path.parts)
    return {str(path.relative_to(folder)): path.read_text() for path in files}
