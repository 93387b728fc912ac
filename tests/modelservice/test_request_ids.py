"""The id of a chat is in the log of the service, at the bot and at its action server."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx2
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.modelservice.chatting import authenticated, turn
from tests.modelservice.conftest import Realm, Service, bot_body, encoded, wait_until

FLOWS = """
flows:
  brew:
    description: brew tea
    steps:
      - action: action_brew
"""


class ActionServer:
    """It remembers the ids that it was asked under, and fails when told to."""

    def __init__(self) -> None:
        self.ids: list[str | None] = []
        self.status = 200

    async def answer(self, request: web.Request) -> web.Response:
        self.ids.append(request.headers.get("X-Request-ID"))
        body = {"events": [], "responses": [{"text": "Brewed."}]}
        return web.json_response(body, status=self.status)


@pytest.fixture
async def actions(service: Service) -> AsyncIterator[ActionServer]:
    made = ActionServer()
    app = web.Application()
    app.router.add_post("/webhook", made.answer)
    async with TestServer(app) as server:
        name = str(service.train("with-action", flows=FLOWS)["model_name"])
        body = bot_body("d-ids", name)
        endpoints = f"action_endpoint: {{url: 'http://127.0.0.1:{server.port}/webhook'}}"
        body["bot_config"]["endpoints"] = encoded(endpoints)
        assert service.http.post("/bot", json=body).status_code == 200
        wait_until(lambda: service.bot("d-ids")["status"] == "running")
        yield made


async def test_the_id_of_a_chat_reaches_the_action_server_and_the_log_of_the_bot(
    http: aiohttp.ClientSession, service: Service, realm: Realm, actions: ActionServer
) -> None:
    for request_id, actions.status in (("chat-of-anna", 200), ("chat-of-bert", 500)):
        headers = {"X-Request-ID": request_id}
        socket = await http.ws_connect(f"{service.url}/talk/d-ids", headers=headers)
        await authenticated(socket, realm.token("Business User"))
        texts, _ = await turn(socket, "brew tea")
        assert ("Brewed." in texts) is (actions.status == 200)
        await socket.close()
    assert actions.ids == ["chat-of-anna", "chat-of-bert"]
    assert " [chat-of-bert]: " in service.bot("d-ids")["logs"]


def test_each_answer_names_its_id(service: Service) -> None:
    given: Any = service.http.get("/", headers={"X-Request-ID": "probe-1"})
    assert given.headers["X-Request-ID"] == "probe-1"
    first, second = (httpx2.get(f"{service.url}/bot").headers["X-Request-ID"] for _ in range(2))
    assert first != second
