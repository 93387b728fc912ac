"""What a consumer tells probes while it works, waits and hangs."""

import threading
from collections.abc import Callable, Iterator

import httpx2
import pytest

from ingestion.status import Status, serve

Ask = Callable[[], dict[str, int]]


@pytest.fixture
def status() -> Status:
    return Status()


@pytest.fixture
def ask(status: Status) -> Iterator[Ask]:
    server = serve(status, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    paths = ("/live", "/ready", "/health")
    with httpx2.Client(base_url=base) as http:
        yield lambda: {path: http.get(path).status_code for path in paths}
    server.shutdown()
    server.server_close()


def test_one_that_waits_is_alive_and_not_ready(status: Status, ask: Ask) -> None:
    assert ask() == {"/live": 200, "/ready": 200, "/health": 200}
    status.is_waiting_for("the database")
    assert ask() == {"/live": 200, "/ready": 503, "/health": 503}
    status.is_well()
    assert ask() == {"/live": 200, "/ready": 200, "/health": 200}


def test_one_that_hangs_is_not_ready_and_after_long_not_alive(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.status._STUCK_SECONDS", 0.0)
    assert ask() == {"/live": 200, "/ready": 503, "/health": 503}
    monkeypatch.setattr("ingestion.status._DEAD_SECONDS", 0.0)
    assert ask() == {"/live": 503, "/ready": 503, "/health": 503}
