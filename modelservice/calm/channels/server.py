"""The HTTP application of a running assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from modelservice.calm import __version__
from modelservice.calm.channels.bot import Bot
from modelservice.calm.channels.rest import RestChannel, json_object
from modelservice.calm.channels.sockets import add_sockets
from modelservice.calm.errors import CalmError
from modelservice.calm.models.model import default_flow_bodies
from modelservice.common import request_ids, tracing

# Channels of credentials.yml that this runtime serves.
CHANNELS = ("rest", "socketio", "studio_chat", "inspector")


def build_app(
    bot: Bot,
    credentials: Mapping[str, Any],
    *,
    api_enabled: bool,
    allowed_origins: list[str],
) -> web.Application:
    """Routes of the server itself, of the API if enabled, and of the channels."""
    app = web.Application(middlewares=[_under_its_id])
    api = _Api(bot)
    app.router.add_get("/", api.hello)
    app.router.add_get("/license", api.license)
    if api_enabled:
        app.router.add_get("/version", api.version)
        app.router.add_get("/status", api.status)
        app.router.add_get("/domain", api.domain)
        app.router.add_get("/flows", api.flows)
        app.router.add_get("/data", api.data)
        app.router.add_post("/model/parse", api.parse)
        app.router.add_post("/model/prompt", api.prompt)
        app.router.add_get("/conversations/{sender:.+}/tracker", api.tracker)
        app.router.add_delete("/conversations/{sender:.+}/tracker", api.forget)
    if "rest" in credentials or not credentials:
        RestChannel(bot).add_to(app)
    add_sockets(app, bot, credentials, allowed_origins=allowed_origins)
    app.on_cleanup.append(api.close)
    return app


@web.middleware
async def _under_its_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What is logged, and asked of other servers, for this request. A chat is one, to its end, and
    each of its events has a span of its own."""
    request_ids.begin(request.headers.get(request_ids.HEADER, ""))
    if request.method == "GET":
        return await handler(request)
    with tracing.span(f"assistant: {request.method} {request.path}", "SERVER", request.headers):
        return await handler(request)


class _Api:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def close(self, _: web.Application) -> None:
        await self._bot.close()

    async def hello(self, _: web.Request) -> web.Response:
        return web.Response(text=f"Hello from the open CALM runtime: {__version__}")

    async def license(self, _: web.Request) -> web.Response:
        """Readiness: the process only listens once its model is loaded."""
        return web.json_response(
            {
                "id": None,
                "company": None,
                "scope": "open CALM runtime, no licence needed",
                "email": None,
                "expires": None,
            }
        )

    async def version(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"version": __version__, "minimum_compatible_version": __version__}
        )

    async def status(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "model_file": None if self._bot.file is None else self._bot.file.name,
                "model_id": self._bot.model.model_id,
                "num_active_training_jobs": 0,
                "engine_version": "calm",
                "warnings": self._bot.model.warnings,
            }
        )

    async def domain(self, _: web.Request) -> web.Response:
        return web.json_response(self._bot.model.domain)

    async def flows(self, _: web.Request) -> web.Response:
        flows = {**default_flow_bodies(), **self._bot.model.flows}
        return web.json_response([{"id": name, **body} for name, body in flows.items()])

    async def data(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "domain": self._bot.model.domain,
                "flows": self._bot.model.flows,
                "assistant_id": self._bot.assistant.assistant_id,
                "engine": "calm",
            }
        )

    async def parse(self, request: web.Request) -> web.Response:
        text = (await json_object(request)).get("text")
        if not isinstance(text, str):
            raise web.HTTPBadRequest(text="'text' must be a text")
        return web.json_response(await self._bot.parse(text))

    async def prompt(self, request: web.Request) -> web.Response:
        """What cannot be rendered is a `problem`."""
        body = await json_object(request)
        name, template, events = (body.get(key) for key in ("name", "template", "events"))
        if not isinstance(name, str) or not isinstance(template, str):
            raise web.HTTPBadRequest(text="'name' and 'template' must be texts")
        if not isinstance(events, list) or not all(isinstance(each, dict) for each in events):
            raise web.HTTPBadRequest(text="'events' must be a list of objects")
        try:
            prompt = await self._bot.prompt(name, template, events)
        except CalmError as error:
            return web.json_response({"prompt": "", "problem": str(error)})
        return web.json_response({"prompt": prompt, "problem": ""})

    async def tracker(self, request: web.Request) -> web.Response:
        start = request.query.get("start_session", "true").lower() != "false"
        sender_id = request.match_info["sender"]
        tracker = await self._bot.snapshot(sender_id, start_session=start)
        if request.query.get("include_events", "").upper() == "NONE":
            tracker["events"] = None
        return web.json_response(tracker)

    async def forget(self, request: web.Request) -> web.Response:
        if not self._bot.conversations.forget(request.match_info["sender"]):
            raise web.HTTPNotFound(text="there is no such conversation")
        return web.Response(status=204)
