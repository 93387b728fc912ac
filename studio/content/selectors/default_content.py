"""What the runtime adds to every assistant by itself: patterns, their responses, prompts."""

import hashlib
from typing import Any

from django.core.cache import cache

from modelservice.project.model import Kind
from studio.content.models import Branch
from studio.content.selectors.items import text_of
from studio.model_service import client as model_service

_KEPT_SECONDS = 600
_PARTS = ("flows", "responses", "prompts")
Document = dict[str, Any]


def default_content(branch: Branch) -> Document:
    """`{"flows": {…}, "responses": {…}, "prompts": {…}}` that the runtime adds by itself.

    They come from the model service, so that they are those of the runtime in use. A service
    without that route (Rasa before 3.13) has none to tell.

    :raises ModelServiceUnavailable: the service does not answer
    """
    config = text_of(branch, Kind.CONFIG)
    endpoints = text_of(branch, Kind.ENDPOINTS)
    name = hashlib.sha256(f"{config}\0{endpoints}".encode()).hexdigest()
    known: Document | None = cache.get(f"default-content-{name}")
    if known is None:
        try:
            answer = model_service.defaults(config=config, endpoints=endpoints)
        except model_service.Refused:
            answer = {}
        known = {part: answer.get(part) or {} for part in _PARTS}
        cache.set(f"default-content-{name}", known, _KEPT_SECONDS)
    return known
