"""ASGI entry: HTTP, live updates and, on one machine, the way through to the chat bridge."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.base")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.urls import URLPattern, re_path

from studio.assistants import export_expiry
from studio.common.cloud_storage import export_storage
from studio.conversations import expiry
from studio.gateway import TalkGateway
from studio.live.publish import sockets_are_here
from studio.live.routing import websocket_urlpatterns
from studio.versions.monitor import ensure_started

export_storage()  # a setting of it that is missing or wrong stops the server now


def sockets() -> list[URLPattern]:
    """Every address of a WebSocket."""
    talk = re_path(r"^talk/(?P<deployment>[A-Za-z0-9_-]+)/?$", TalkGateway.as_asgi())
    return [*websocket_urlpatterns, *([talk] if settings.TALK_UPSTREAM else [])]


_router = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(URLRouter(sockets())),
    }
)


async def application(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI's own shapes
    """The monitor of trainings and the expiry of conversations and exports live in the server's
    event loop, and live messages are sent there. Daphne has no start-up hook, so requests tell
    which loop it is."""
    ensure_started()
    expiry.ensure_started()
    export_expiry.ensure_started()
    sockets_are_here()
    await _router(scope, receive, send)
