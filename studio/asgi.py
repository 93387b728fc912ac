"""ASGI entry: HTTP, live updates and, on one machine, the way through to the chat bridge."""

import asyncio
import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.base")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.urls import URLPattern, re_path

from modelservice.common import tracing
from modelservice.common.lifespan import live
from modelservice.common.request_ids import with_request_ids
from studio.common.background_task import BackgroundTask
from studio.common.cloud_storage import export_storage
from studio.common.live_messages import set_server_loop
from studio.content import export_expiry
from studio.conversations import expiry
from studio.gateway import TalkGateway
from studio.home import purging
from studio.live.routing import websocket_urlpatterns
from studio.operations import serving
from studio.operations.probes import answer_probe, is_probe
from studio.operations.requests import counted
from studio.versions import monitor

# What is loaded by now stays. One import makes a million objects: with Python's threshold of 700 a
# quarter of its time goes into looking through them.
gc.collect()
gc.freeze()
gc.set_threshold(50_000)
export_storage()  # a setting of it that is missing or wrong stops the server now


def sockets() -> list[URLPattern]:
    """Every address of a WebSocket."""
    talk = re_path(r"^talk/(?P<deployment>[A-Za-z0-9_-]+)/?$", TalkGateway.as_asgi())
    return [*websocket_urlpatterns, *([talk] if settings.TALK_UPSTREAM else [])]


_routed = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(URLRouter(sockets())),
    }
)
_router = with_request_ids(counted(tracing.traced(_routed)))


def _background_tasks() -> list[BackgroundTask]:
    return [
        monitor.task,
        *([expiry.task] if expiry.is_wanted() else []),
        *([export_expiry.task] if export_expiry.is_wanted() else []),
        *([purging.task] if purging.is_wanted() else []),
        *([serving.task] if serving.is_wanted() else []),
    ]


async def _start() -> None:
    """Live messages are sent in the server's event loop, and background tasks run there."""
    set_server_loop()
    tracing.start("studio-backend")
    await serving.address.start()
    for task in _background_tasks():
        task.start()


async def _stop() -> None:
    for task in _background_tasks():
        await task.stop()
    await serving.address.stop()
    await asyncio.to_thread(tracing.stop)


async def application(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI's own shapes
    if scope["type"] == "lifespan":
        await live(receive, send, _start, _stop)
    elif is_probe(scope):
        await answer_probe(scope, send)
    else:
        await _router(scope, receive, send)
