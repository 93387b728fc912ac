"""Responses as a page shows them: the assistant's, and the runtime's own that nothing replaces."""

from collections.abc import Sequence
from typing import Any, overload

from modelservice.project.config_text import Rephrasing, read_map, rephrasing_of
from modelservice.project.errors import ProjectError
from modelservice.project.model import Kind
from studio.common.errors import NotFound
from studio.content.models import Branch, Item
from studio.content.selectors.default_content import default_content
from studio.content.selectors.documents import default_document, item_document
from studio.content.selectors.items import item_find, text_of
from studio.content.selectors.lists import Row, found, response_row, some_responses
from studio.content.selectors.references import places_of
from studio.content.summaries import summary_of
from studio.model_service.errors import ModelServiceUnavailable


def responses_with_defaults(branch: Branch, *, search: str = "") -> Sequence[Row]:
    """In the order of their names. While the model service is away, only the assistant's."""
    rows = _Rows(branch)
    if not search:
        return rows
    return [row for row in rows[:] if found(search, row, "id", "text", "words")]


class _Rows(Sequence[Row]):
    """Rows are read when they are asked for: a page of thousands costs what it shows."""

    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._defaults = _defaults(branch)
        own = Item.objects.filter(branch=branch, kind=Kind.RESPONSE).values_list("key", flat=True)
        self._own = set(own)
        self._keys = sorted(self._own | self._defaults.keys())

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, which: int) -> Row: ...

    @overload
    def __getitem__(self, which: slice) -> list[Row]: ...

    def __getitem__(self, which: int | slice) -> Row | list[Row]:
        if isinstance(which, int):
            return self[which : which + 1 or None][0]
        keys = self._keys[which]
        own = [key for key in keys if key in self._own]
        rows = {row["id"]: row for row in some_responses(self._branch, own)}
        defaults = [key for key in keys if key not in rows and key in self._defaults]
        places = places_of(self._branch, "texts", names=defaults)["texts"]
        for key in defaults:
            rows[key] = _default_row(key, self._defaults[key], places.get(key, []))
        return [rows[key] for key in keys if key in rows]


def response_document(branch: Branch, key: str) -> dict[str, Any]:
    """One of the assistant, or one of the runtime's own, which is at revision 0."""
    own = item_find(branch, Kind.RESPONSE, key)
    if own is not None:
        return item_document(own)
    body = _defaults(branch).get(key)
    if body is None:
        raise NotFound(f"There is no response “{key}”.")
    return default_document(Kind.RESPONSE, key, body)


def rephrasing(branch: Branch) -> Rephrasing:
    """What endpoints.yml says for all responses; none where it cannot be read."""
    try:
        return rephrasing_of(read_map(text_of(branch, Kind.ENDPOINTS), "endpoints.yml"))
    except ProjectError:
        return "none"


def _defaults(branch: Branch) -> dict[str, Any]:
    try:
        return dict(default_content(branch)["responses"])
    except ModelServiceUnavailable:
        return {}


def _default_row(key: str, body: Any, places: list[Row]) -> Row:
    return response_row(key, summary_of(Kind.RESPONSE, key, body)) | {
        "origin": "default",
        "used_in": places,
        "error_count": 0,
        "warning_count": 0,
        "revision": 0,
        "updated_at": None,
        "updated_by": None,
    }
