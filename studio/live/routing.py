"""Addresses of WebSockets."""

from django.urls import path

from studio.live.consumers import LiveConsumer

websocket_urlpatterns = [path("api/ws/", LiveConsumer.as_asgi())]
