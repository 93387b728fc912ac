"""Traces of real processes, at a receiver that speaks OpenTelemetry's protocol."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.modelservice.chatting import authenticated, turn
from tests.modelservice.conftest import ROOT, Realm, Service, bot_body, encoded, wait_until
from tests.modelservice.trace_receiver import Receiver

FLOWS = """
flows:
  brew:
    description: brew tea
    steps:
      - action: action_brew
"""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()


@pytest.fixture(scope="module")
def traced(
    tmp_path_factory: pytest.TempPathFactory, realm: Realm, receiver: Receiver
) -> Iterator[Service]:
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "OTEL_EXPORTER_OTLP_HEADERS": "api-key=of-the-operator",
    }
    made = Service(tmp_path_factory.mktemp("traced"), realm, **variables)
    yield made
    made.stop()


@pytest.fixture
async def asked_as(traced: Service) -> AsyncIterator[list[str | None]]:
    """The `traceparent` of each request to the action server of the bot `d-traced`."""
    parents: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        parents.append(request.headers.get("traceparent"))
        return web.json_response({"events": [], "responses": [{"text": "Brewed."}]})

    app = web.Application()
    app.router.add_post("/webhook", answer)
    async with TestServer(app) as server:
        name = str(traced.train("t-traced", flows=FLOWS)["model_name"])
        body = bot_body("d-traced", name)
        endpoints = f"action_endpoint: {{url: 'http://127.0.0.1:{server.port}/webhook'}}"
        body["bot_config"]["endpoints"] = encoded(endpoints)
        assert traced.http.post("/bot", json=body).status_code == 200
        wait_until(lambda: traced.bot("d-traced")["status"] == "running")
        yield parents


async def test_a_chat_message_is_one_trace_from_the_bridge_to_the_action(
    http: aiohttp.ClientSession,
    traced: Service,
    realm: Realm,
    receiver: Receiver,
    asked_as: list[str | None],
) -> None:
    socket = await http.ws_connect(f"{traced.url}/talk/d-traced")
    await authenticated(socket, realm.token("Business User"))
    texts, tracker = await turn(socket, "brew tea")
    await socket.close()
    assert texts[0] == "Brewed."
    assert "traceparent" not in str(tracker), "the conversation knows nothing of it"

    names = ("chat: user_message", "assistant: user_message", "action: action_brew")
    # Each process sends its own, when it is its time.
    wait_until(lambda: all(receiver.named(name) for name in names))
    found = [each for name in names if (each := receiver.named(name))]
    services = ["studio-model-service", "studio-assistant", "studio-assistant"]
    assert [service for service, _ in found] == services
    bridge, bot, action = (span for _, span in found)
    assert not bridge.parent_span_id
    assert (bot.parent_span_id, action.parent_span_id) == (bridge.span_id, bot.span_id)
    assert bridge.trace_id == bot.trace_id == action.trace_id
    [asked] = [str(each).split("-")[1:3] for each in asked_as]
    assert asked == [action.trace_id.hex(), action.span_id.hex()]


def test_a_request_goes_on_in_the_trace_that_it_comes_in(
    traced: Service, receiver: Receiver
) -> None:
    trace, caller = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    traced.http.get("/bot/nobody", headers={"traceparent": f"00-{trace}-{caller}-01"})
    name = "GET /bot/<str:deployment_id>"
    of_caller = wait_until(
        lambda: [
            each
            for _, each in receiver.spans
            if each.name == name and each.parent_span_id.hex() == caller
        ]
    )
    assert of_caller[0].trace_id.hex() == trace
    told = {each.key: each.value for each in of_caller[0].attributes}
    assert told["http.response.status_code"].int_value == 404


def test_without_its_variables_nothing_of_it_is_imported() -> None:
    code = """
import sys
from modelservice.common import tracing
tracing.start("x")
with tracing.span("y", "CLIENT") as made:
    assert made is None and tracing.passed_on() == {}
import modelservice.calm.channels.serving
sys.exit(any(name.startswith("opentelemetry") for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    "variables", [{"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}]
)
def test_the_variables_of_opentelemetry_switch_it_off(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from modelservice.common import tracing

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    tracing.start("nothing")
    assert tracing.passed_on() == {}
    assert tracing._provider is None


def test_what_is_not_installed_is_named(tmp_path: Path) -> None:
    code = """
import sys
sys.modules["opentelemetry.sdk"] = None
from modelservice.common import tracing
try:
    tracing.start("x")
except Exception as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "open-studio[tracing]" in done.stdout


def test_a_collector_that_is_away_holds_nobody_up() -> None:
    code = """
import time
from modelservice.common import tracing
tracing.start("x")
with tracing.span("y"):
    began = time.monotonic()
tracing.stop()
print(time.monotonic() - began)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert float(done.stdout) < 5
