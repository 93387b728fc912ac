"""ASGI entry of the model service: REST for the backend, the chat bridge for browsers."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "modelservice.settings")

from django.core.asgi import get_asgi_application

_django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import re_path

from modelservice.bridge.consumer import ChatConsumer
from modelservice.scarcity import scarcity_told
from modelservice.service.supervisor import supervisor

_router = ProtocolTypeRouter(
    {
        "http": scarcity_told(_django_application),
        "websocket": URLRouter(
            [re_path(r"^talk/(?P<deployment>[A-Za-z0-9_-]+)/?$", ChatConsumer.as_asgi())]
        ),
    }
)


async def application(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI's own shapes
    supervisor.ensure_started()
    await _router(scope, receive, send)
