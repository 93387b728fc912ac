"""What a training now would contain, against the newest trained version."""

from collections import Counter
from typing import Any

from modelservice.project.model import Kind
from studio.assistants.models import Assistant, Change
from studio.assistants.selectors.content import flow_list
from studio.assistants.selectors.system_flows import default_patterns
from studio.versions.errors import ModelServiceUnavailable
from studio.versions.models import Version
from studio.versions.selectors import newest_trained
from studio.versions.snapshots import bodies_of

FLOW_KINDS = (Kind.FLOW.value, Kind.SYSTEM_FLOW.value)


def training_changes(assistant: Assistant) -> list[dict[str, Any]]:
    """All flows of the author, and the patterns that he customised."""
    newest = newest_trained(assistant)
    trained = bodies_of(newest.snapshot.content, *FLOW_KINDS) if newest else {}
    living = assistant.primitives.filter(kind__in=FLOW_KINDS, deleted_at__isnull=True)
    bodies = dict(living.values_list("key", "body"))
    counts = _change_counts(assistant, newest)
    rows = [
        row for kind in (Kind.FLOW, Kind.SYSTEM_FLOW) for row in flow_list(assistant, kind=kind)
    ]
    return [
        {
            "flow": row["id"],
            "name": row["name"],
            "change": _change(row["id"], bodies[row["id"]], trained),
            "change_count": counts[row["id"]],
            "error_count": row["error_count"],
        }
        for row in rows
    ]


def _change(key: str, body: Any, trained: dict[str, Any]) -> str:
    if key not in trained:
        return "new"
    return "none" if trained[key] == body else "changed"


def _change_counts(assistant: Assistant, newest: Version | None) -> Counter[str]:
    """Changes of each flow since the newest version was started."""
    changes = Change.objects.filter(assistant=assistant, kind__in=FLOW_KINDS)
    if newest is not None:
        changes = changes.filter(at__gt=newest.created_at)
    return Counter(changes.order_by().values_list("item", flat=True))


def version_flows(version: Version) -> dict[str, Any]:
    """Flows and responses as they were trained, over the defaults of the runtime; and what the
    inspector of the chat edits: slots, and the names of custom actions."""
    content = version.snapshot.content
    try:
        patterns = default_patterns(version.assistant)
    except ModelServiceUnavailable:
        patterns = {"flows": {}, "responses": {}}
    return {
        "flows": {**patterns["flows"], **bodies_of(content, *FLOW_KINDS)},
        "responses": {**patterns["responses"], **bodies_of(content, Kind.RESPONSE)},
        "slots": bodies_of(content, Kind.SLOT),
        "actions": list(bodies_of(content, Kind.ACTION)),
    }
