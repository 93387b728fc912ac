"""Whether an action server answers where endpoints.yml says: real servers, and Rasa's own SDK."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from tests.calm.test_action_server import action_url
from tests.modelservice.conftest import Service

__all__ = ["action_url"]  # a fixture of both

OK = {"status": "ok"}


def endpoints(url: str, **settings: Any) -> str:
    return json.dumps({"action_endpoint": {"url": url, **settings}})


async def checked(service: Service, http: aiohttp.ClientSession, text: Any) -> tuple[int, Any]:
    address = f"{service.url}/action-server/check"
    async with http.post(address, json={"endpoints": text}) as answer:
        return answer.status, await answer.json()


@asynccontextmanager
async def action_server(answer: Any, path: str = "/health") -> AsyncIterator[str]:
    """Its address without a path; `answer` answers there, and nothing elsewhere."""
    app = web.Application()
    app.router.add_get(path, answer)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


async def healthy(_request: web.Request) -> web.Response:
    return web.json_response(OK)


async def state(service: Service, http: aiohttp.ClientSession, url: str) -> tuple[str, int | None]:
    status, found = await checked(service, http, endpoints(url))
    assert status == 200, found
    assert found["milliseconds"] > 0
    return found["state"], found["status"]


async def test_the_server_of_the_sdk_is_reachable(
    service: Service, http: aiohttp.ClientSession, action_url: str
) -> None:
    assert await state(service, http, action_url) == ("reachable", 200)


async def test_nobody_is_there(service: Service, http: aiohttp.ClientSession) -> None:
    for host in ("127.0.0.1", "nobody.invalid"):
        url = f"http://{host}:{unused_port()}/webhook"
        assert await state(service, http, url) == ("refused", None)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("/webhook", "/health"),
        ("", "/health"),
        ("/", "/health"),
        ("/team/webhook?to=a/b", "/team/health"),
    ],
)
async def test_its_health_is_beside_its_address(
    service: Service, http: aiohttp.ClientSession, given: str, asked: str
) -> None:
    async with action_server(healthy, asked) as url:
        assert await state(service, http, url + given) == ("reachable", 200)


async def test_what_answers_and_is_none(service: Service, http: aiohttp.ClientSession) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="text/html")

    async def broken(_request: web.Request) -> web.Response:
        return web.json_response(OK, status=500)

    async with action_server(page) as url:
        assert await state(service, http, url) == ("other", 200)
    async with action_server(broken) as url:
        assert await state(service, http, url) == ("other", 500)
    async with action_server(healthy, "/somewhere") as url:
        assert await state(service, http, url) == ("other", 404)


async def test_one_that_says_nothing_is_not_waited_for(
    service: Service, http: aiohttp.ClientSession
) -> None:
    gone = asyncio.Event()

    async def silent(_request: web.Request) -> web.Response:
        await gone.wait()
        return web.json_response(OK)

    async with action_server(silent) as url:
        assert await state(service, http, url) == ("timed_out", None)
        gone.set()


async def test_it_is_asked_with_what_the_file_says(
    service: Service, http: aiohttp.ClientSession
) -> None:
    seen: list[str | None] = []

    async def guarded(request: web.Request) -> web.Response:
        seen.append(request.headers.get("X-Key"))
        return web.json_response(OK)

    async with action_server(guarded) as url:
        text = endpoints(f"{url}/webhook", headers={"X-Key": "a key"})
        assert (await checked(service, http, text))[1]["state"] == "reachable"
    assert seen == ["a key"]


async def test_it_leads_nowhere_else(service: Service, http: aiohttp.ClientSession) -> None:
    async def away(_request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{service.url}/")

    async with action_server(away) as url:
        assert await state(service, http, url) == ("other", 302)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", 409, "names no action server"),
        ("action_endpoint: {actions_module: actions}", 409, "names no action server"),
        ("action_endpoint: 5055", 409, "must be a map"),
        ("action_endpoint: {url: 'http://${NOT_SET}/webhook'}", 409, "'NOT_SET' is not set"),
        ("action_endpoint: {url: 'ftp://a/webhook'}", 409, "address is not valid"),
        ("action_endpoint: {url: 'http://127.0.0.1:99999/'}", 409, "address is not valid"),
        ("a: b: c", 400, "endpoints.yml, line 1"),
        (None, 400, "endpoints is required"),
    ],
)
async def test_what_cannot_be_asked(
    service: Service, http: aiohttp.ClientSession, text: str | None, code: int, words: str
) -> None:
    status, told = await checked(service, http, text)
    assert status == code
    assert words in told["message"]


async def test_what_is_closed_to_assistants_is_closed_to_it(
    service: Service, http: aiohttp.ClientSession
) -> None:
    status, told = await checked(service, http, endpoints(f"{service.url}/webhook"))
    assert status == 409
    assert "may not reach port" in told["message"]
