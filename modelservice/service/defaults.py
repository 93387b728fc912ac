"""What the runtime adds to every assistant by itself: patterns, responses, slots, prompts."""

from functools import cache
from typing import Any

from modelservice.calm.actions.defaults import DEFAULT_ACTION_EFFECTS
from modelservice.calm.project.model import default_content


@cache
def defaults() -> dict[str, Any]:
    """In the shape of `POST /defaults`; our runtime has no `contexts` and no `prompts`."""
    domain = default_content("domain.yml")
    slots = domain.get("slots", {})
    return {
        "flows": default_content("flows.yml")["flows"],
        "responses": domain.get("responses", {}),
        "slots": {name: {"name": name, **body} for name, body in slots.items()},
        "prompts": {},
        "actions": sorted(DEFAULT_ACTION_EFFECTS),
        "intents": list(domain.get("intents", [])),
        "contexts": {},
    }
