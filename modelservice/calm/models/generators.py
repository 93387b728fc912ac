"""Which command generator an assistant has: a language model if one can be asked, else offline."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from modelservice.calm.content.components import (
    LLM_GENERATORS,
    NLU_ADAPTER,
    NLU_COMPONENTS,
    ROUTERS,
    component_name,
    first_component,
)
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.generator import CommandGenerator
from modelservice.calm.dialogue.nlu_adapter import NluInterpreter
from modelservice.calm.dialogue.routing import IntentRouter, Router
from modelservice.calm.models.measures import MeasuringInterpreter, measures_of
from modelservice.calm.models.model import Model
from modelservice.calm.search.search import Search
from modelservice.calm.understanding.embeddings import Embedder, MessageEmbedder
from modelservice.calm.understanding.explaining import Explainer
from modelservice.calm.understanding.interpreter import LearnedInterpreter
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.offline import OfflineGenerator

if TYPE_CHECKING:
    from modelservice.calm.understanding.llm.client import LanguageModel, LanguageModels

logger = logging.getLogger(__name__)


def message_embedder(model: Model, embedder: Embedder | None) -> MessageEmbedder:
    """Embeddings in the space of the model, as far as there are any."""
    return MessageEmbedder(embedder, model.learned.get("embeddings"))


def interpreter_of(
    model: Model, assistant: Assistant, embedder: MessageEmbedder
) -> NluInterpreter | None:
    """What tells intents and entities, None if the pipeline asks for neither."""
    learned = _learned_interpreter(model, assistant, embedder)
    measures = measures_of(model, assistant)
    return learned if measures is None else MeasuringInterpreter(measures, learned)


def _learned_interpreter(
    model: Model, assistant: Assistant, embedder: MessageEmbedder
) -> LearnedInterpreter | None:
    learned = model.learned
    if first_component(model.config, "pipeline", NLU_COMPONENTS) is None:
        return None
    if not (learned.get("intents") or learned.get("entities")):
        return None
    return LearnedInterpreter(learned, language_of(assistant.languages), embedder)


def adapts_nlu(model: Model) -> bool:
    """Whether intents and entities become commands."""
    return first_component(model.config, "pipeline", [NLU_ADAPTER]) is not None


def generator_of(
    model: Model,
    assistant: Assistant,
    models: LanguageModels,
    search: Search | None,
    embedder: MessageEmbedder,
) -> CommandGenerator:
    """The generator of the pipeline, and the offline one where it cannot be used."""
    offline = OfflineGenerator(assistant, model.learned, search, embedder)
    component = first_component(model.config, "pipeline", LLM_GENERATORS)
    language_model = None if component is None else usable_model(component, models)
    if component is None or language_model is None:
        return offline
    from modelservice.calm.understanding.llm.generator import (
        LanguageModelGenerator,
        generator_settings,
    )

    return LanguageModelGenerator(
        language_model,
        generator_settings(component, model.prompts),
        fallback=offline,
        ranking=offline.index,
    )


def explainer_of(
    model: Model,
    assistant: Assistant,
    generator: CommandGenerator,
    embedder: MessageEmbedder,
) -> Explainer:
    """Tells why the generator understands a message as it does, as far as that can be told."""
    offline = generator if isinstance(generator, OfflineGenerator) else None
    return Explainer(model.learned, language_of(assistant.languages), embedder, offline)


def router_of(model: Model, assistant: Assistant, models: LanguageModels) -> Router | None:
    """The coexistence router of the pipeline, None if it has none that can be used."""
    component = first_component(model.config, "pipeline", ROUTERS)
    if component is None:
        return None
    if component_name(component) == "IntentBasedRouter":
        return IntentRouter(component, assistant)
    language_model = usable_model(component, models)
    if language_model is None:
        return None
    from modelservice.calm.understanding.llm.router import LanguageModelRouter

    path = component.get("prompt_template") or component.get("prompt")
    return LanguageModelRouter(language_model, component, model.prompts.get(str(path)))


def minimizes_calls(model: Model) -> bool:
    """Whether the generator is spared what intents and entities have told already."""
    component = first_component(model.config, "pipeline", LLM_GENERATORS) or {}
    return component.get("minimize_num_calls", True) is not False


def usable_model(component: Mapping[str, Any], models: LanguageModels) -> LanguageModel | None:
    """The component's language model; why there is none is said in the log."""
    from modelservice.calm.understanding.llm.endpoint import LanguageModelUnusable

    try:
        return models.of(component)
    except LanguageModelUnusable as error:
        logger.warning("%s has no language model: %s", component_name(component), error)
        return None
