"""What a training now would contain, against the newest trained version."""

from collections import Counter
from typing import Any

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.model import Kind
from studio.content.models import Branch, Entry, Item
from studio.content.selectors.default_content import default_content
from studio.content.selectors.lists import flow_list
from studio.content.selectors.revisions import line_of, tree_at
from studio.model_service.errors import ModelServiceUnavailable
from studio.versions.models import Version
from studio.versions.selectors import newest_trained
from studio.versions.trained_content import bodies_of, content_of


def training_changes(branch: Branch) -> list[dict[str, Any]]:
    """All flows of the author, and the patterns that he customised."""
    newest = newest_trained(branch.assistant)
    trained = _trained_blobs(newest) if newest else {}
    flows = Item.objects.filter(branch=branch, kind__in=FLOW_KINDS)
    blobs = dict(flows.values_list("key", "blob_id"))
    counts = _change_counts(branch, newest)
    rows = [row for kind in (Kind.FLOW, Kind.SYSTEM_FLOW) for row in flow_list(branch, kind=kind)]
    return [
        {
            "flow": row["id"],
            "name": row["name"],
            "change": _change(row["id"], blobs[row["id"]], trained),
            "change_count": counts[row["id"]],
            "error_count": row["error_count"],
        }
        for row in rows
    ]


def _trained_blobs(version: Version) -> dict[str, int | None]:
    tree = tree_at(version.commit.branch, version.commit.number)
    return {
        key: entry.blob_id
        for (kind, key), entry in tree.items()
        if kind == Kind.SYSTEM_FLOW or (kind == Kind.FLOW and key in version.flows)
    }


def _change(key: str, blob_id: int, trained: dict[str, int | None]) -> str:
    if key not in trained:
        return "new"
    return "none" if trained[key] == blob_id else "changed"


def _change_counts(branch: Branch, newest: Version | None) -> Counter[str]:
    """Commits to each flow since the newest version was started."""
    lines = [here for here, _last in line_of(branch)]
    entries = Entry.objects.filter(branch__in=lines, kind__in=FLOW_KINDS)
    if newest is not None:
        entries = entries.filter(commit__at__gt=newest.created_at)
    return Counter(entries.order_by().values_list("key", flat=True))


def version_flows(version: Version) -> dict[str, Any]:
    """Flows and responses as they were trained, over the defaults of the runtime; and what the
    inspector of the chat edits: slots, and the names of custom actions."""
    content = content_of(version)
    try:
        patterns = default_content(version.commit.branch)
    except ModelServiceUnavailable:
        patterns = {"flows": {}, "responses": {}}
    return {
        "flows": {**patterns["flows"], **bodies_of(content, *FLOW_KINDS)},
        "responses": {**patterns["responses"], **bodies_of(content, Kind.RESPONSE)},
        "slots": bodies_of(content, Kind.SLOT),
        "actions": list(bodies_of(content, Kind.ACTION)),
    }
