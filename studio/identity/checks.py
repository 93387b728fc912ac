"""System checks: the embedded identity is for one machine and says so."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from studio.common.addresses import is_loopback


@register()
def public_address(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.STUDIO_IDENTITY != "local" or is_loopback(settings.STUDIO_HOST):
        return []
    return [
        Warning(
            f"STUDIO_HOST {settings.STUDIO_HOST}: the embedded sign-in is reachable from outside.",
            hint="Use Keycloak (KEYCLOAK_URL) for anything but one machine, or bind to 127.0.0.1.",
            id="identity.W001",
        )
    ]
