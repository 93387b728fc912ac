"""`/metrics`, the probes and the ids of requests, at real processes."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import httpx2
import pytest

from modelservice.service.ports import free_port
from tests.modelservice.conftest import wait_until
from tests.running_studio import RunningStudio, studio_alone

Read = Callable[[], dict[str, float]]


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def studio(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    variables = {
        "STUDIO_METRICS_PORT": str(port),
        "LOG_FORMAT": "json",
        "STUDIO_RATE_LIMIT_OF_ADDRESS": "3",
    }
    with studio_alone(tmp_path_factory.mktemp("studio"), **variables) as running:
        yield running


@pytest.fixture(scope="module")
def read(port: int) -> Read:
    def look() -> dict[str, float]:
        answer = httpx2.get(f"http://127.0.0.1:{port}/metrics")
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    return look


def test_nothing_of_it_is_on_the_public_origin(studio: RunningStudio, port: int) -> None:
    for path in ("/metrics", "/api/metrics", "/api/v1/metrics/"):
        answer = studio.http.get(path)
        assert "studio_http_requests" not in answer.text
    assert httpx2.get(f"http://127.0.0.1:{port}/api/v1/me/").status_code == 404


def test_requests_are_known_by_their_route_and_never_by_their_address(
    studio: RunningStudio, read: Read
) -> None:
    nowhere = 'studio_http_requests_total{method="GET",route="(none)",status="404"}'
    before = read()
    with studio.api() as api:
        made = api.post("assistants/", json={"name": "Counted"}).json()["id"]
        for _ in range(3):
            api.get(f"assistants/{made}/")
        api.get(f"assistants/{made}/no-such-thing/")
        api.request("BREW", "me/")
    found = read()
    route = r'route="api/v1/assistants/<uuid:assistant_id>/"'
    assert found[f'studio_http_requests_total{{method="GET",{route},status="200"}}'] == 3
    assert found[f'studio_http_request_seconds_count{{method="GET",{route}}}'] == 3
    assert found[nowhere] - before.get(nowhere, 0) == 1
    assert any('method="other"' in name for name in found)
    assert not [name for name in found if made in name or "BREW" in name]


async def test_open_sockets_and_what_they_were_sent(studio: RunningStudio, read: Read) -> None:
    before = await asyncio.to_thread(read)
    with studio.api() as api:
        made = api.post("assistants/", json={"name": "Watched"}).json()["id"]
        async with aiohttp.ClientSession() as session:
            other = await studio.subscribed(session, made)
            socket = await studio.subscribed(session, made)
            assert (await asyncio.to_thread(read))['studio_websockets{socket="live"}'] == 2
            await asyncio.to_thread(api.patch, f"assistants/{made}/", json={"name": "Seen"})
            async with asyncio.timeout(10):
                while (await socket.receive_json())["type"] != "assistant.changed":
                    pass
            assert not other.closed
            refused = await session.ws_connect(f"{studio.url}/api/ws/", origin=studio.url)
            await refused.send_json({"type": "subscribe"})
            await refused.receive()
        found = await asyncio.to_thread(
            wait_until, lambda: (now := read())['studio_websockets{socket="live"}'] == 0 and now
        )
    sent = 'studio_live_messages_total{type="assistant.changed"}'
    assert found[sent] - before.get(sent, 0) == 2
    delays = "studio_live_message_seconds_count"
    assert found[delays] - before.get(delays, 0) == 2
    assert found['studio_websockets_closed_total{code="4401",socket="live"}'] == 1


def test_counts_calls_of_the_model_service_and_refusals(studio: RunningStudio, read: Read) -> None:
    found = wait_until(lambda: "studio_database_answers" in (now := read()) and now)
    assert found["studio_database_answers"] == 1
    assert found["studio_people"] == 1
    assert {name for name in found if name.startswith("studio_versions{")} == {
        f'studio_versions{{status="{status}"}}'
        for status in ("queued", "training", "deploying", "ready", "failed", "stopped", "inactive")
    }
    assert found["studio_conversations"] == 0
    assert found['studio_model_service_calls_total{call="GET /bot",outcome="200"}'] >= 1
    assert found['studio_build_info{version="0.1.0"}'] == 1
    assert {httpx2.get(f"{studio.url}/api/v1/me/").status_code for _ in range(5)} == {401, 429}
    assert read()['studio_rate_limited_total{caller="address"}'] >= 2


def test_probes_answer_under_any_name(studio: RunningStudio) -> None:
    for what in ("live", "ready"):
        answer = studio.http.get(f"/api/health/{what}", headers={"Host": "10.1.2.3:4000"})
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert studio.http.head("/api/health/ready").status_code == 200
    assert studio.http.post("/api/health/ready").status_code == 404


def test_an_id_goes_with_a_request_into_every_log(studio: RunningStudio) -> None:
    with studio.api() as api:
        made = api.post("assistants/", json={"name": "Bank", "sample": "bank"}).json()["id"]
        answer = api.post(
            f"assistants/{made}/versions/",
            json={"flows": None},
            headers={"X-Request-ID": "seen-by-anna.1"},
        )
    assert answer.headers.get_list("X-Request-ID") == ["seen-by-anna.1"]
    service = studio.directory / "logs" / "model-service.log"
    started, ended = wait_until(
        lambda: len(told := _told(service, "seen-by-anna.1")) == 2 and told, 60
    )
    assert "running" in started
    assert "done" in ended


def _told(file: Path, request_id: str) -> list[str]:
    lines = [json.loads(each) for each in file.read_text().splitlines() if each[:1] == "{"]
    return [each["message"] for each in lines if each.get("request_id") == request_id]


@pytest.mark.parametrize("given", ["", "with space", "a" * 65, "ä", "x\ty"])
def test_an_id_that_is_none_is_replaced(studio: RunningStudio, given: str) -> None:
    headers = {"X-Request-ID": given.encode()}
    answer = studio.http.get("/api/v1/assistants/", headers=headers)  # type: ignore[arg-type]  # bytes as they are sent
    told = answer.headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", told)
    assert answer.json()["request_id"] == told
