"""The default patterns of the runtime, and the assistant's own versions of them."""

import hashlib
from typing import Any

from django.core.cache import cache

from modelservice.project.model import Kind
from studio.common.errors import NotFound
from studio.content.models import Branch
from studio.content.selectors.documents import item_document
from studio.content.selectors.items import item_find, text_of
from studio.content.selectors.lists import flow_list, found
from studio.content.summaries import summary_of
from studio.model_service import client as model_service

_KEPT_SECONDS = 600
Document = dict[str, Any]


def default_patterns(branch: Branch) -> Document:
    """`{"flows": {…}, "responses": {…}}` that the runtime adds by itself.

    They come from the model service, so that they are those of the runtime in use. A service
    without that route (Rasa before 3.13) has none to tell.

    :raises ModelServiceUnavailable: the service does not answer
    """
    config = text_of(branch, Kind.CONFIG)
    endpoints = text_of(branch, Kind.ENDPOINTS)
    name = hashlib.sha256(f"{config}\0{endpoints}".encode()).hexdigest()
    known: Document | None = cache.get(f"default-patterns-{name}")
    if known is None:
        try:
            answer = model_service.defaults(config=config, endpoints=endpoints)
        except model_service.Refused:
            answer = {}
        known = {part: answer.get(part) or {} for part in ("flows", "responses")}
        cache.set(f"default-patterns-{name}", known, _KEPT_SECONDS)
    return known


def system_flow_list(branch: Branch, search: str = "") -> list[Document]:
    own = flow_list(branch, kind=Kind.SYSTEM_FLOW, ordering="id")
    rows = {row["id"]: {**row, "customised": True} for row in own}
    for key, body in default_patterns(branch)["flows"].items():
        rows.setdefault(key, _default_row(key, body))
    fields = ("id", "name", "description")
    return [row for _key, row in sorted(rows.items()) if found(search, row, *fields)]


def system_flow_document(branch: Branch, key: str) -> Document:
    own = item_find(branch, Kind.SYSTEM_FLOW, key)
    if own is not None:
        return item_document(own)
    body = default_patterns(branch)["flows"].get(key)
    if body is None:
        raise NotFound(f"There is no system flow “{key}”.")
    return {
        "id": key,
        "kind": Kind.SYSTEM_FLOW.value,
        "revision": 0,
        "body": body,
        "source_path": None,
        "updated_at": None,
        "updated_by": None,
        "problems": [],
    }


def _default_row(key: str, body: Any) -> Document:
    summary = summary_of(Kind.SYSTEM_FLOW, key, body)
    return {
        "id": key,
        "name": summary["name"],
        "description": summary["description"],
        "step_count": summary["step_count"],
        "linked_from": [],
        "called_from": [],
        "error_count": 0,
        "warning_count": 0,
        "slots": list(dict.fromkeys(entry["name"] for entry in summary["slots"])),
        "guard": summary["guard"],
        "revision": 0,
        "updated_at": None,
        "updated_by": None,
        "customised": False,
    }
