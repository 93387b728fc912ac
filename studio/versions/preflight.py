"""Whether the model service answers, and knows us."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info

from studio.common.errors import DomainError
from studio.common.preflight import preflight_check
from studio.model_service import client


@preflight_check
def look_at_model_service() -> Iterator[CheckMessage]:
    try:
        client.bot_states()
    except (DomainError, client.Refused) as problem:
        yield Error(
            problem.detail if isinstance(problem, DomainError) else problem.message,
            hint="Check MS_API_URL, and that MODEL_SERVICE_SECRET is the same for both.",
            obj="model service",
        )
    else:
        yield Info(f"{settings.MS_API_URL} answers.", obj="model service")
