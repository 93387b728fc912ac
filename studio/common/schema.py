"""What the OpenAPI schema says of views beyond their methods."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        "Any text of your own, such as a UUID. Sent again with the same key within 24 hours, the"
        " call is not carried out again but answered as before, with `Idempotency-Replayed: true`."
    ),
)


class StudioSchema(AutoSchema):
    """Adds the parameters that all methods of a view take (`common_parameters`), and the header
    that all of its POSTs take."""

    def get_override_parameters(self) -> list[Any]:
        parameters = [*getattr(self.view, "common_parameters", [])]
        if self.method == "POST" and getattr(self.view, "takes_idempotency_key", False):
            parameters.append(IDEMPOTENCY_KEY)
        return parameters
