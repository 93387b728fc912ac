"""The command generator that asks a language model, and the offline one when that fails."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelservice.calm.content.components import component_name
from modelservice.calm.dialogue.commands import CannotHandle, Command
from modelservice.calm.dialogue.generator import CommandGenerator, Proposal, Request
from modelservice.calm.understanding.command_language import Version, read_commands
from modelservice.calm.understanding.llm.client import Answer, LanguageModel, LanguageModelFailure
from modelservice.calm.understanding.llm.prompt import (
    command_variables,
    own_template,
    render_prompt,
)
from modelservice.calm.understanding.llm.retrieval import (
    Ranking,
    RetrievalSettings,
    Shown,
    flows_to_show,
    retrieval_settings,
)

logger = logging.getLogger(__name__)
# What is kept of a prompt beside each message; the model is sent all of it.
_KEPT_CHARACTERS = 20_000
# No message asks for more; an answer that repeats itself may.
_MOST_COMMANDS = 50
_SUSPICIOUS_TURNS = 5
_OWN_TEMPLATE = "command_generator.jinja2"
_OWN_VERSION: Version = "v3"
VERSION_OF_COMPONENT: dict[str, Version] = {
    "SingleStepLLMCommandGenerator": "v1",
    "LLMCommandGenerator": "v1",
    "MultiStepLLMCommandGenerator": "v1",
    "CompactLLMCommandGenerator": "v2",
    "SearchReadyLLMCommandGenerator": "v3",
}


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """`version` is the command language in which the template asks for an answer."""

    template: str = field(default_factory=lambda: own_template(_OWN_TEMPLATE))
    version: Version = _OWN_VERSION
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    time_zone: str | None = None


def generator_settings(
    component: Mapping[str, Any], prompts: Mapping[str, str]
) -> GeneratorSettings:
    """The settings of a component of the pipeline; `prompts` are the project's, by path."""
    zone = component.get("timezone")
    common: dict[str, Any] = {
        "retrieval": retrieval_settings(component),
        "time_zone": zone if isinstance(zone, str) else None,
    }
    # `prompt` is the older name of the setting.
    path = component.get("prompt_template") or component.get("prompt")
    template = prompts.get(str(path))
    if template is None:
        return GeneratorSettings(**common)
    version = VERSION_OF_COMPONENT.get(component_name(component), "v2")
    return GeneratorSettings(template, version, **common)


def command_prompt(
    request: Request, settings: GeneratorSettings, ranking: Ranking
) -> tuple[str, Shown]:
    """The prompt for one user text, and the flows that it shows. Raises `LanguageModelFailure`."""
    shown = flows_to_show(request, settings.retrieval, ranking)
    variables = command_variables(request, shown.flows, settings.time_zone)
    return render_prompt(settings.template, variables), shown


class LanguageModelGenerator:
    """Asks the model; where it gives no answer, `fallback` understands instead."""

    name = "llm"

    def __init__(
        self,
        model: LanguageModel,
        settings: GeneratorSettings,
        *,
        fallback: CommandGenerator,
        ranking: Ranking,
    ) -> None:
        self._model = model
        self._settings = settings
        self._fallback = fallback
        self._ranking = ranking
        self._unreadable_turns = 0

    async def propose(self, request: Request) -> Proposal:
        try:
            prompt, shown = command_prompt(request, self._settings, self._ranking)
            answer = await self._model.complete(prompt)
        except LanguageModelFailure as error:
            logger.warning("%s; understood offline", error)
            return await self._offline(request, str(error))
        flows = {flow.id for flow in (*request.flows, *request.active)}
        commands = read_commands(answer.text, version=self._settings.version, flows=flows)
        commands = commands[:_MOST_COMMANDS]
        return Proposal(commands, self._details(prompt, answer, shown, commands))

    async def _offline(self, request: Request, problem: str) -> Proposal:
        proposal = await self._fallback.propose(request)
        details = {
            **proposal.details,
            "generator": self._fallback.name,
            "model": self._model.name,
            "note": f"{problem}; understood offline",
        }
        return Proposal(proposal.commands, details)

    def _details(
        self, prompt: str, answer: Answer, shown: Shown, commands: Sequence[Command]
    ) -> dict[str, Any]:
        details: dict[str, Any] = {
            "generator": self.name,
            "model": answer.model,
            "prompt": prompt[:_KEPT_CHARACTERS],
            "answer": answer.text,
            "usage": dict(answer.usage),
            "milliseconds": answer.milliseconds,
        }
        if shown.scores:
            details["flows_in_prompt"] = [flow.id for flow in shown.flows]
            details["flows_from_semantic_search"] = list(shown.scores.items())
        if self._is_unreadable(commands):
            details["note"] = "no command can be read in the language model's answer"
        return details

    def _is_unreadable(self, commands: Sequence[Command]) -> bool:
        unreadable = all(isinstance(command, CannotHandle) for command in commands)
        self._unreadable_turns = self._unreadable_turns + 1 if unreadable else 0
        if self._unreadable_turns == _SUSPICIOUS_TURNS:
            logger.warning(
                "no command could be read in %d answers of '%s' one after another: does the "
                "prompt ask for the commands of %s?",
                *(_SUSPICIOUS_TURNS, self._model.name, self._settings.version),
            )
        return unreadable
