"""What an assistant answers questions of knowledge with."""

from __future__ import annotations

from modelservice.calm.content.components import first_component
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.errors import CalmError
from modelservice.calm.models.generators import usable_model
from modelservice.calm.models.model import Model
from modelservice.calm.search.answering import Answering
from modelservice.calm.search.passages import POLICY
from modelservice.calm.search.search import Search
from modelservice.calm.understanding.embeddings import MessageEmbedder
from modelservice.calm.understanding.llm.client import LanguageModels


def search_of(model: Model, assistant: Assistant, embedder: MessageEmbedder) -> Search | None:
    """The search in the model's documents, None if it has none. Raises `CalmError`."""
    if not model.documents:
        return None
    try:
        return Search(assistant, model.documents, embedder)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CalmError("the documents of the model are broken; train it again") from error


def answering_of(model: Model, search: Search | None, models: LanguageModels) -> Answering | None:
    """Answers in a language model's words if the policy has one, else by quoting."""
    if search is None:
        return None
    policy = first_component(model.config, "policies", [POLICY]) or {}
    generates = policy.get("use_generative_llm", True) is not False and "llm" in policy
    path = policy.get("prompt_template") or policy.get("prompt")
    return Answering(
        search,
        policy,
        model=usable_model(policy, models) if generates else None,
        template=model.prompts.get(str(path)),
    )
