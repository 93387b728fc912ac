"""Decides between CALM and the classic part of an assistant by asking a language model."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.dialogue.routing import Route, Side
from modelservice.calm.understanding.llm.client import LanguageModel, LanguageModelFailure
from modelservice.calm.understanding.llm.prompt import own_template, render_prompt

logger = logging.getLogger(__name__)
_SIDES = {"A": Side.CALM, "B": Side.CLASSIC_ONCE, "C": Side.CLASSIC}
_LETTER = re.compile(r"[\W_]*([ABC])(?![A-Za-z])")


class LanguageModelRouter:
    """`component` is an `LLMBasedRouter` of config.yml; `template` the project's, None for ours."""

    def __init__(
        self, model: LanguageModel, component: Mapping[str, Any], template: str | None
    ) -> None:
        self._model = model
        self._template = template or own_template("router.jinja2")
        self._entries = {key: _texts(component, key) for key in ("calm_entry", "nlu_entry")}

    async def decide(self, text: str, nlu: NluResult) -> Route:
        """A model that cannot be asked leaves the message to CALM, which understands it offline."""
        try:
            prompt = render_prompt(self._template, {"user_message": text, **self._entries})
            answer = await self._model.complete(prompt)
        except LanguageModelFailure as error:
            logger.warning("%s; the conversation is routed to CALM", error)
            return Route(Side.CALM, {"reason": f"{error}"})
        letter = _LETTER.match(answer.text)
        side = _SIDES[letter[1]] if letter is not None else Side.CLASSIC
        return Route(side, {"reason": f"'{answer.model}' answered '{answer.text[:20]}'"})


def _texts(component: Mapping[str, Any], key: str) -> dict[str, str]:
    entry = component.get(key)
    given = entry if isinstance(entry, Mapping) else {}
    return {kind: str(given.get(kind) or "") for kind in ("sticky", "non_sticky")}
