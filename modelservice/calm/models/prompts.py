"""The prompts of this runtime's own, by the names that the Rasa CLI has for them."""

from __future__ import annotations

from modelservice.calm.actions import wording
from modelservice.calm.search import answering
from modelservice.calm.understanding.llm.prompt import own_template
from modelservice.project.config_text import COMMAND_GENERATOR, REPHRASER, SEARCH


def own_prompts() -> dict[str, str]:
    return {
        COMMAND_GENERATOR: own_template("command_generator.jinja2"),
        REPHRASER: wording.own_prompt(),
        SEARCH: answering.own_prompt(),
    }
