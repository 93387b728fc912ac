"""What the newest trained version would understand by a sentence, and why."""

from typing import Any

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.model import Kind
from modelservice.wire import Parsed
from studio.assistants.models import Assistant
from studio.content.models import Branch, Entry, Item
from studio.content.selectors.close_examples import closest_example
from studio.content.selectors.understanding import flows_by_intent
from studio.model_service import client as model_service
from studio.versions.errors import NotPossibleNow
from studio.versions.lifecycle import TRAINED, Status
from studio.versions.models import Version
from studio.versions.services import version_activate

Document = dict[str, Any]
_SHOWN = 4
# What decides what is understood.
_TAUGHT = (
    *FLOW_KINDS,
    *(kind.value for kind in (Kind.NLU, Kind.INTENT, Kind.ENTITY, Kind.SLOT, Kind.CONFIG)),
)


def understand(branch: Branch, text: str) -> Document:
    """Ask the newest trained version; one that is asleep is woken, and tells later.

    :raises NotPossibleNow: it cannot be asked
    :raises DomainError: the model service is full or away
    """
    version = newest_version(branch.assistant)
    closest = closest_example(branch, text)
    if version is None:
        return _answer("untrained", None, None, closest, edited=False)
    edited = _is_edited(version)
    if version.status != Status.READY:
        version_activate(version=version)
        return _answer("waking", version, None, closest, edited=edited)
    try:
        parsed = model_service.parse(version.deployment, text)
    except model_service.Refused as refusal:
        raise NotPossibleNow(
            f"Version {version.number} cannot be asked: {refusal.message}"
        ) from refusal
    return _answer("understood", version, _reading(branch, parsed, text), closest, edited=edited)


def newest_version(assistant: Assistant) -> Version | None:
    """The newest version that was trained, also while it wakes."""
    rows = Version.objects.filter(assistant=assistant, status__in=(*TRAINED, Status.DEPLOYING))
    return rows.select_related("assistant", "commit__branch__parent").order_by("-number").first()


def _answer(
    state: str,
    version: Version | None,
    reading: Document | None,
    closest: Document | None,
    *,
    edited: bool,
) -> Document:
    return {
        "state": state,
        "version": None if version is None else {"id": version.pk, "number": version.number},
        "edited": edited,
        "reading": reading,
        "closest": closest,
    }


def _is_edited(version: Version) -> bool:
    """Whether something that decides what is understood was changed since it was trained."""
    commit = version.commit
    newer = Entry.objects.filter(branch=commit.branch_id, number__gt=commit.number)
    return newer.filter(kind__in=_TAUGHT).exists()


def _reading(branch: Branch, parsed: Parsed, text: str) -> Document:
    commands = parsed.get("commands", [])
    started = next(
        (one.get("flow") for one in commands if one.get("command") == "start flow"), None
    )
    matches = parsed.get("matches", [])[:_SHOWN]
    names = _flow_names(branch, [str(started), *(str(one.get("flow")) for one in matches)])
    intents = parsed.get("intent_ranking") or _alone(parsed.get("intent"))
    return {
        "text": parsed.get("text", text),
        "flow": _flow(names, started),
        "commands": [str(one.get("command")) for one in commands],
        "reason": str(parsed.get("reason") or ""),
        "generator": str(parsed.get("generator") or ""),
        "intents": [
            {"name": str(one.get("name")), "confidence": float(one.get("confidence") or 0)}
            for one in intents[:_SHOWN]
        ],
        "no_intent": parsed.get("no_intent"),
        "flows": [
            {**_flow(names, one.get("flow"), or_empty=True), "score": float(one.get("score") or 0)}
            for one in matches
        ],
        "no_flow": parsed.get("no_flow"),
        "entities": [_entity(one) for one in parsed.get("entities", [])],
        "slots": [
            {"slot": str(one.get("name")), "value": one.get("value")}
            for one in commands
            if one.get("command") == "set slot"
        ],
        "words": parsed.get("words", []),
        "threshold": _threshold(branch, started, intents),
        "milliseconds": float(parsed.get("milliseconds") or 0),
    }


def _alone(intent: Any) -> list[Document]:
    named = isinstance(intent, dict) and intent.get("name")
    return [intent] if named else []


def _flow(names: dict[str, str], flow: Any, *, or_empty: bool = False) -> Any:
    if not isinstance(flow, str):
        return {"flow": "", "flow_name": ""} if or_empty else None
    return {"flow": flow, "flow_name": names.get(flow, flow)}


def _flow_names(branch: Branch, keys: list[str]) -> dict[str, str]:
    rows = Item.objects.filter(branch=branch, kind__in=FLOW_KINDS, key__in=keys)
    return {key: summary["name"] for key, summary in rows.values_list("key", "summary")}


def _entity(entity: Document) -> Document:
    return {
        "entity": str(entity.get("entity")),
        "value": entity.get("value"),
        "start": entity.get("start"),
        "end": entity.get("end"),
        "role": entity.get("role"),
        "group": entity.get("group"),
    }


def _threshold(branch: Branch, flow: Any, intents: list[Document]) -> float | None:
    """From which confidence on the best intent starts a flow: the one that starts, if one does."""
    if not intents:
        return None
    started = flows_by_intent(branch).get(str(intents[0].get("name")), [])
    chosen = [one for one in started if one["flow"] == flow] or started
    return float(chosen[0]["threshold"]) if chosen else None
