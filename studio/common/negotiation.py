"""What an operation answers depends on the operation, not on the header `Accept`."""

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class WhatThereIs(DefaultContentNegotiation):
    """A program that accepts `application/zip` only gets the zip, and failures as JSON. DRF's own
    choice knows of the renderers of JSON alone and answers 406."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, str(first.media_type)
