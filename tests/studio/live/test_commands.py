"""Commands as a shell runs them, beside `make up`: they find its model service by themselves."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from modelservice.project.archive import pack_files
from tests.modelservice.conftest import wait_until
from tests.running_studio import ROOT, RunningStudio, studio_alone

SAMPLE = ROOT / "studio/samples/bank"
_MANAGE = (sys.executable, "manage.py")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    """With the sample as the assistant Bank, and ana, a developer."""
    with studio_alone(tmp_path_factory.mktemp("commands")) as running:
        project = running.directory / "bank.zip"
        files = {str(path.relative_to(SAMPLE)): path.read_bytes() for path in files_below(SAMPLE)}
        project.write_bytes(pack_files(files))
        for words in (
            ("users", "create", "ana", "--role", "Developer"),
            ("assistants", "import", str(project), "--name", "Bank"),
        ):
            made = shell(running, *words, given="tea for two!\n")
            assert made.returncode == 0, made.stderr
        yield running


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "sample.json"]


def environment(studio: RunningStudio) -> dict[str, str]:
    return {**os.environ, **studio.variables}


def shell(studio: RunningStudio, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_MANAGE, *words],
        cwd=ROOT,
        env=environment(studio),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_checked_trained_and_tested(studio: RunningStudio) -> None:
    assert shell(studio, "check", "Bank").returncode == 0
    assert shell(studio, "check", "--file", str(SAMPLE)).returncode == 0
    trained = shell(studio, "versions", "train", "Bank", "--as", "ana")
    assert trained.returncode == 0, trained.stderr
    assert re.fullmatch(r"Bank, version \d: ready\n", trained.stdout)
    tested = shell(studio, "test", "Bank", "-k", "e2e_tests/transfers.yml", "--json")
    assert tested.returncode == 0, tested.stderr
    result = json.loads(tested.stdout)
    assert (result["failed"], result["passed"] > 0) == (0, True)
    for words, code in ((("versions", "frob"), 2), (("versions", "show", "Tea"), 1)):
        failed = shell(studio, *words)
        assert (failed.returncode, "Traceback" in failed.stderr) == (code, False), failed.stderr


def test_a_reader_that_goes_away_leaves_no_traceback(studio: RunningStudio) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        listed = subprocess.run(
            [*_MANAGE, "audit", "list"],
            cwd=ROOT,
            env=environment(studio),
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (listed.returncode, listed.stderr) == (141, "")


@pytest.fixture
def ctrl_c_counts() -> Iterator[None]:
    """Also where the tests are a background job of a shell: such a one ignores Ctrl-C, and so would
    its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_counts")
def test_ctrl_c_ends_the_waiting_and_not_the_training(studio: RunningStudio) -> None:
    waiting = subprocess.Popen(
        [*_MANAGE, "versions", "train", "Bank"],
        cwd=ROOT,
        env=environment(studio),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with studio.api() as api:
        [bank] = [
            row["id"] for row in api.get("assistants/").json()["results"] if row["name"] == "Bank"
        ]
        wait_until(lambda: _newest_status(api, bank) == "training", 60)
    service = studio.part("modelservice")
    service.suspend()  # the training ends no sooner than it may
    try:
        errors = _interrupted(waiting)
    finally:
        service.resume()
    assert waiting.returncode == 130
    assert "CommandError: Interrupted." in errors.splitlines()
    newest = json.loads(shell(studio, "versions", "show", "Bank", "--json").stdout)
    assert newest["status"] in {"training", "deploying", "ready"}


def _interrupted(process: subprocess.Popen[str]) -> str:
    """What it says as it ends."""
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=60)[1]


def _newest_status(api: httpx2.Client, assistant: str) -> str:
    rows = api.get(f"assistants/{assistant}/versions/").json()["results"]
    return str(rows[0]["status"]) if rows else ""
