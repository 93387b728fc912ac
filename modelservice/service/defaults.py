"""What the runtime adds to every assistant by itself (patterns, responses, slots, prompts), and the
projects that a new assistant can begin with."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from modelservice.calm import __version__
from modelservice.calm.actions.defaults import DEFAULT_ACTION_EFFECTS
from modelservice.calm.models.model import default_content
from modelservice.calm.models.prompts import own_prompts

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates() -> list[str]:
    return sorted(file.stem for file in _TEMPLATES.glob("*.yml"))


@cache
def template(name: str) -> dict[str, Any]:
    """In the shape of `GET /project_template`; `name` is one of `templates()`."""
    text = (_TEMPLATES / f"{name}.yml").read_text(encoding="utf-8")
    parts: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return {
        **parts,
        "flows": {"flows": parts["flows"]},
        "assistantName": name,
        "defaults": defaults(),
        "version": __version__,
    }


@cache
def defaults() -> dict[str, Any]:
    """In the shape of `POST /defaults`; our runtime has no `contexts`."""
    domain = default_content("domain.yml")
    slots = domain.get("slots", {})
    return {
        "flows": default_content("flows.yml")["flows"],
        "responses": domain.get("responses", {}),
        "slots": {name: {"name": name, **body} for name, body in slots.items()},
        "prompts": own_prompts(),
        "actions": sorted(DEFAULT_ACTION_EFFECTS),
        "intents": list(domain.get("intents", [])),
        "contexts": {},
    }
