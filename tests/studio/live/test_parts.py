"""`make up` looks after its parts: what is killed comes back, and nothing is left in the end."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from modelservice.service.processes import marked
from tests.ingestion.events import NOW, turn
from tests.modelservice.conftest import wait_until
from tests.running_studio import RunningStudio, studio_alone
from tests.studio.live.tea import import_tea

PARTS = {"model service": "-m modelservice", "backend": "-m studio", "ingestion": "ingest"}


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[RunningStudio]:
    with studio_alone(tmp_path / "data", MODEL_POLLING_INTERVAL_MS="200") as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(
        tmp_path_factory.mktemp("studio"), MODEL_POLLING_INTERVAL_MS="200"
    ) as running:
        yield running


def logs(studio: RunningStudio) -> list[Path]:
    return sorted((studio.directory / "logs").glob("*.log"))


def killed(studio: RunningStudio, word: str) -> psutil.Process:
    """Kill a part; the process that has taken its place."""
    old = studio.part(word)
    old.send_signal(signal.SIGKILL)

    def follower() -> psutil.Process | None:
        try:
            found = studio.part(word)
        except (ValueError, psutil.Error):
            return None
        return found if found.pid != old.pid else None

    found: psutil.Process = wait_until(follower, 30)
    return found


def backend_answers(studio: RunningStudio) -> bool:
    try:
        return studio.http.get("/api/health", timeout=2).is_success
    except httpx2.HTTPError:
        return False


def model_service_listens(studio: RunningStudio) -> bool:
    try:
        connections = studio.part(PARTS["model service"]).net_connections("tcp")
    except (ValueError, psutil.Error):
        return False
    return any(each.status == psutil.CONN_LISTEN for each in connections)


def problems(studio: RunningStudio) -> dict[str, str]:
    found = studio.http.get("/api/health", timeout=5).json()["problems"]
    return {each["part"]: each["detail"] for each in found}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_was_killed_works_again_and_it_is_told(
    shared: RunningStudio, part: str
) -> None:
    studio = shared
    killed(studio, PARTS[part])
    wait_until(lambda: backend_answers(studio) and model_service_listens(studio), 30)
    wait_until(lambda: "was started again" in problems(studio).get(part, ""), 30)
    said = studio.output.read_text()
    assert f"The {part} has ended with code -9." in said
    assert f"The {part} is started again" in said
    log = studio.directory / "logs" / f"{part.replace(' ', '-')}.log"
    assert f"The {part} has ended with code -9." in log.read_text()

    assistant = import_tea(studio, f"After {part}")
    with studio.api() as api:
        version, _seconds = studio.trained(api, assistant)
        assert version["status"] == "ready"
        studio.write(turn(f"After {part}", "anna", NOW))
        wait_until(lambda: api.get(f"conversations/?assistant={assistant}").json()["results"], 30)


def test_an_assistant_goes_on_while_the_model_service_comes_back(shared: RunningStudio) -> None:
    assistant = import_tea(shared, "Goes on")
    with shared.api() as api:
        version, _seconds = shared.trained(api, assistant)
        killed(shared, PARTS["model service"])
        address = f"assistants/{assistant}/versions/{version['id']}/"
        wait_until(lambda: "was started again" in problems(shared).get("model service", ""), 30)
        assert api.get(address).json()["status"] == "ready"


def test_a_part_that_ends_again_and_again_is_given_up(studio: RunningStudio) -> None:
    children = psutil.Process(studio.process.pid).children()
    ended = time.monotonic() + 60
    while studio.process.poll() is None and time.monotonic() < ended:
        try:
            studio.part("ingest").kill()
        except (ValueError, psutil.Error):
            time.sleep(0.05)  # it is not back yet
    assert studio.process.wait(10) == 1
    log = (studio.directory / "logs" / "ingestion.log").read_text()
    assert log.count("The ingestion is started again") == 5
    assert "The end of" in studio.output.read_text()
    assert not [each for each in children if each.is_running()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_in_the_end(studio: RunningStudio, number: signal.Signals) -> None:
    assistant = import_tea(studio, "Tea")
    with studio.api() as api:
        studio.trained(api, assistant)
    family = psutil.Process(studio.process.pid).children(recursive=True)
    assert len(family) > len(PARTS), "an assistant runs"
    os.kill(studio.process.pid, number)
    studio.process.wait(30)
    _gone, left = psutil.wait_procs(family, 20)
    assert not left, (left, [(log.name, log.read_text()[-2000:]) for log in logs(studio)])


def test_nothing_is_left_though_the_model_service_was_killed_just_before(
    studio: RunningStudio,
) -> None:
    """Its assistants go on without it, and nobody else would end them."""
    assistant = import_tea(studio, "Tea")
    with studio.api() as api:
        studio.trained(api, assistant)
    folder = str((studio.directory / "model-service").resolve())
    assert list(marked(folder))
    studio.part(PARTS["model service"]).kill()
    os.kill(studio.process.pid, signal.SIGINT)
    studio.process.wait(30)
    wait_until(lambda: not list(marked(folder)), 20)
