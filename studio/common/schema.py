"""What the OpenAPI schema says of views beyond their methods."""

from typing import Any

from drf_spectacular.openapi import AutoSchema


class StudioSchema(AutoSchema):
    """Adds the parameters that all methods of a view take (`common_parameters`)."""

    def get_override_parameters(self) -> list[Any]:
        return [*getattr(self.view, "common_parameters", [])]
