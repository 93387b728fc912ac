"""In whose words an assistant says the responses of its domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.actions.wording import (
    DEFAULT_TURNS,
    Rephraser,
    ResponseServer,
    Wording,
)
from modelservice.calm.content.components import LLM_GENERATORS, first_component
from modelservice.calm.models.generators import usable_model
from modelservice.calm.models.model import Model
from modelservice.calm.other_server import endpoint_in
from modelservice.calm.understanding.llm.client import LanguageModels


def wording_of(model: Model, nlg: Any, models: LanguageModels) -> Wording | None:
    """What `nlg` of endpoints.yml asks for; None: responses are said as they are written."""
    if not isinstance(nlg, Mapping):
        return None
    if nlg.get("type") == "rephrase":
        return _rephraser(model, nlg, models)
    endpoint = endpoint_in(nlg, "nlg")
    return None if endpoint is None else ResponseServer(endpoint)


def _rephraser(model: Model, nlg: Mapping[str, Any], models: LanguageModels) -> Rephraser | None:
    generator = first_component(model.config, "pipeline", LLM_GENERATORS) or {}
    # Where it names no model of its own, that of the command generator is asked.
    llm = nlg.get("llm", generator.get("llm"))
    language_model = usable_model({"name": "nlg", "llm": llm}, models)
    if language_model is None:
        return None
    path = nlg.get("prompt_template") or nlg.get("prompt")
    turns = nlg.get("max_historical_turns")
    return Rephraser(
        language_model,
        everything=nlg.get("rephrase_all") is True,
        template=model.prompts.get(str(path)),
        turns=turns if isinstance(turns, int) and turns > 0 else DEFAULT_TURNS,
    )
