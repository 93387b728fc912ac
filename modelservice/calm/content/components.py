"""Components of config.yml: entries of `pipeline` and `policies`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

LLM_GENERATORS = frozenset(
    {
        "CompactLLMCommandGenerator",
        "SearchReadyLLMCommandGenerator",
        "SingleStepLLMCommandGenerator",
        "LLMCommandGenerator",
        "MultiStepLLMCommandGenerator",
    }
)
ROUTERS = frozenset({"IntentBasedRouter", "LLMBasedRouter"})
NLU_ADAPTER = "NLUCommandAdapter"
DUCKLING = ("DucklingEntityExtractor", "DucklingHTTPExtractor")
SPACY = "SpacyEntityExtractor"
CRF = "CRFEntityExtractor"
EXTRACTORS = frozenset({*DUCKLING, SPACY, CRF, "RegexEntityExtractor"})
# Components that tell intents or entities: our own classifier and extractor stand for them.
NLU_COMPONENTS = frozenset(
    {
        NLU_ADAPTER,
        "IntentBasedRouter",
        "DIETClassifier",
        "LogisticRegressionClassifier",
        "SklearnIntentClassifier",
        "KeywordIntentClassifier",
        *EXTRACTORS,
    }
)


def components_of(config: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = config.get(key)
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def component_name(component: Mapping[str, Any]) -> str:
    """The class's own name; configurations may write its module before it."""
    return str(component.get("name", "")).rsplit(".", 1)[-1]


def first_component(
    config: Mapping[str, Any], key: str, names: Collection[str]
) -> Mapping[str, Any] | None:
    """The first component with one of these names."""
    found = (item for item in components_of(config, key) if component_name(item) in names)
    return next(found, None)


def user_input_limit(config: Mapping[str, Any], default: int = 420) -> int:
    for component in components_of(config, "pipeline"):
        limits = component.get("user_input")
        if isinstance(limits, Mapping) and isinstance(limits.get("max_characters"), int):
            return int(limits["max_characters"])
    return default
