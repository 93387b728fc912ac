"""One custom action, run with the project's code as it is now; nothing has to be trained."""

import base64
from collections.abc import Mapping
from typing import Any

from modelservice.project.config_text import read_map
from modelservice.project.documents import domain_document
from modelservice.project.errors import ProjectError
from modelservice.project.model import Kind
from modelservice.project.yaml_writer import to_yaml
from studio.common.errors import Invalid
from studio.content.models import Branch
from studio.content.selectors.items import item_get
from studio.model_service import client as model_service
from studio.versions.errors import NotPossibleNow
from studio.versions.project_files import encoded_files
from studio.versions.trained_content import content_at

Document = dict[str, Any]
_NOT_FOUND = 404


def action_run(branch: Branch, action: str, slots: Mapping[str, Any]) -> Document:
    """What the action says, sets and prints with these slots, or why it does not.

    :raises NotPossibleNow: the model service runs no single actions
    :raises DomainError: the model service is full or away
    """
    key = item_get(branch, Kind.ACTION, action).key
    try:
        found = model_service.run_action(action=key, slots=dict(slots), config=_config(branch))
    except model_service.Refused as refusal:
        if refusal.status == _NOT_FOUND:
            raise NotPossibleNow("The model service in use runs no single actions.") from refusal
        raise NotPossibleNow(refusal.message) from refusal
    events = found["events"]
    return {
        "messages": [_message(event) for event in events if event.get("event") == "bot"],
        "slots": [
            {"slot": str(event.get("name")), "value": event.get("value")}
            for event in events
            if event.get("event") == "slot"
        ],
        "events": [
            str(event.get("event")) for event in events if event.get("event") not in {"bot", "slot"}
        ],
        "problem": found["problem"],
        "rejected": found["rejected"],
        "path": found["file"],
        "line": found["line"],
        "unsaid": found["problems"],
        "output": found["output"],
        "seconds": found["seconds"],
    }


def _message(event: Mapping[str, Any]) -> Document:
    data = event.get("data") or {}
    return {
        "text": event.get("text"),
        "more": {key: part for key, part in data.items() if part},
    }


def _config(branch: Branch) -> Document:
    content = content_at(branch, branch.head, ())
    endpoints = content.texts.get(Kind.ENDPOINTS, "")
    try:
        read_map(endpoints, "endpoints.yml")
    except ProjectError as error:
        raise Invalid(f"endpoints.yml cannot be read: {error}") from error
    texts = {
        "domain": to_yaml(domain_document(content.items)),
        "config": content.texts.get(Kind.CONFIG, ""),
        "endpoints": endpoints,
    }
    return {
        **{name: base64.b64encode(text.encode()).decode("ascii") for name, text in texts.items()},
        "files": encoded_files(endpoints, content.files),
    }
