"""The default patterns of the runtime, and the assistant's own versions of them."""

from typing import Any

from modelservice.project.model import Kind
from studio.common.errors import NotFound
from studio.content.models import Branch
from studio.content.selectors.default_content import default_content
from studio.content.selectors.documents import default_document, item_document
from studio.content.selectors.items import item_find
from studio.content.selectors.lists import flow_list, found
from studio.content.summaries import slots_of, summary_of

Document = dict[str, Any]


def system_flow_list(branch: Branch, search: str = "") -> list[Document]:
    own = flow_list(branch, kind=Kind.SYSTEM_FLOW, ordering="id")
    rows = {row["id"]: {**row, "customised": True} for row in own}
    for key, body in default_content(branch)["flows"].items():
        rows.setdefault(key, _default_row(key, body))
    fields = ("id", "name", "description")
    return [row for _key, row in sorted(rows.items()) if found(search, row, *fields)]


def system_flow_document(branch: Branch, key: str) -> Document:
    own = item_find(branch, Kind.SYSTEM_FLOW, key)
    if own is not None:
        return item_document(own)
    body = default_content(branch)["flows"].get(key)
    if body is None:
        raise NotFound(f"There is no system flow “{key}”.")
    return default_document(Kind.SYSTEM_FLOW, key, body)


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
        "slots": slots_of(summary),
        "guard": summary["guard"],
        "revision": 0,
        "updated_at": None,
        "updated_by": None,
        "customised": False,
    }
