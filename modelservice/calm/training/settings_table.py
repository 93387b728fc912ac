"""What this runtime makes of each key of config.yml and endpoints.yml.

`deploy/docs/rasa-settings.md` is the same table for people; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from modelservice.calm.content.components import (
    LLM_GENERATORS,
    NLU_ADAPTER,
    ROUTERS,
    component_name,
    components_of,
)
from modelservice.calm.search.passages import POLICY


@dataclass(frozen=True, slots=True)
class Setting:
    """`key` is a path with dots; `note` goes on after the key as a sentence, and is told at
    training where the setting is not simply honoured."""

    key: str
    treatment: Literal["honoured", "replaced", "ignored"]
    note: str = ""


CONFIG = (
    Setting("recipe", "honoured"),
    Setting("version", "honoured"),
    Setting("language", "honoured"),
    Setting("additional_languages", "honoured"),
    Setting("assistant_id", "honoured"),
    Setting("pipeline", "honoured"),
    Setting("policies", "honoured"),
    Setting("importers", "ignored", "is ignored: the files of the project are read"),
    Setting("spaces", "ignored", "is ignored: there is one space"),
    Setting("llm", "ignored", "is ignored here: components name their language model themselves"),
    Setting("model_name", "ignored", "is ignored: each training names its model"),
    Setting("agents", "ignored", "is ignored: this runtime does not run agents"),
)
ENDPOINTS = (
    Setting("action_endpoint", "honoured"),
    Setting("model_groups", "honoured"),
    Setting("event_broker", "honoured"),
    Setting("nlg.type", "honoured"),
    Setting("nlg.llm", "honoured"),
    Setting("nlg.prompt", "honoured"),
    Setting("nlg.prompt_template", "honoured"),
    Setting("nlg.rephrase_all", "honoured"),
    Setting("nlg.max_historical_turns", "honoured"),
    Setting("nlg.url", "honoured"),
    Setting("nlg.token", "honoured"),
    Setting("nlg.headers", "honoured"),
    Setting("nlg.basic_auth", "honoured"),
    Setting("nlg.summarize_history", "replaced", "is not done: the latest turns are given whole"),
    Setting("tracker_store", "replaced", "is not used: a bot keeps its conversations in memory"),
    Setting("lock_store", "replaced", "is not used: one process holds a conversation"),
    Setting("models", "replaced", "is not used: the model is the one that was trained"),
    Setting("vector_store", "replaced", "is not used: the documents of the project are searched"),
    Setting("privacy", "ignored", "is ignored: no personal data is made anonymous or deleted"),
    Setting("tracing", "ignored", "is ignored: no traces are sent"),
    Setting("metrics", "ignored", "is ignored: no metrics are sent"),
    Setting("secrets_manager", "ignored", "is not asked: secrets come as ${NAME} variables"),
    Setting("mcp_servers", "ignored", "is ignored: this runtime does not call tools"),
    Setting("a2a_server", "ignored", "is ignored: this runtime does not run agents"),
)
_GENERATOR = (
    Setting("name", "honoured"),
    Setting("llm", "honoured"),
    Setting("prompt_template", "honoured"),
    Setting("prompt", "honoured"),
    Setting("minimize_num_calls", "honoured"),
    Setting("timezone", "honoured"),
    Setting("user_input.max_characters", "honoured"),
    Setting("flow_retrieval.active", "honoured"),
    Setting("flow_retrieval.num_flows", "honoured"),
    Setting("flow_retrieval.turns_to_embed", "honoured"),
    Setting("flow_retrieval.embeddings", "replaced", "is not asked: their words rank flows"),
)
_ROUTER = (
    Setting("name", "honoured"),
    Setting("calm_entry", "honoured"),
    Setting("nlu_entry", "honoured"),
    Setting("llm", "honoured"),
    Setting("prompt_template", "honoured"),
    Setting("prompt", "honoured"),
)
_SEARCH = (
    Setting("name", "honoured"),
    Setting("llm", "honoured"),
    Setting("prompt_template", "honoured"),
    Setting("prompt", "honoured"),
    Setting("use_generative_llm", "honoured"),
    Setting("citation_enabled", "honoured"),
    Setting("vector_store.type", "honoured"),
    Setting("vector_store.source", "honoured"),
    Setting("embeddings", "replaced", "is not asked: their words rank passages"),
)
# By the name of the component; what stands at others is told as a whole.
COMPONENTS = {
    **dict.fromkeys(sorted(LLM_GENERATORS), _GENERATOR),
    **dict.fromkeys(sorted(ROUTERS), _ROUTER),
    POLICY: _SEARCH,
    NLU_ADAPTER: (Setting("name", "honoured"),),
    "FlowPolicy": (Setting("name", "honoured"),),
}
_UNKNOWN = "is not known to this runtime and has no effect"


def told_of_settings(config: Mapping[str, Any], endpoints: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each key that is not honoured, each key once."""
    yield from (f"config: {sentence}" for sentence in _told(config, CONFIG))
    told = dict.fromkeys(
        f"{part}: {name}: {sentence}"
        for part in ("pipeline", "policies")
        for component in components_of(config, part)
        for name in [component_name(component)]
        if name in COMPONENTS
        for sentence in _told(component, COMPONENTS[name])
    )
    yield from told
    yield from (f"endpoints: {sentence}" for sentence in _told(endpoints, ENDPOINTS))


def _told(settings: Mapping[str, Any], table: tuple[Setting, ...]) -> Iterator[str]:
    known = {setting.key: setting for setting in table}
    parents = {key.partition(".")[0] for key in known if "." in key}
    for path, value in _paths(settings, parents):
        setting = known.get(path)
        if value is None or (setting is not None and setting.treatment == "honoured"):
            continue
        yield f"'{path}'{_kind_of(value)} {_UNKNOWN if setting is None else setting.note}"


def _paths(settings: Mapping[str, Any], parents: set[str]) -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        if key in parents and isinstance(value, Mapping):
            yield from ((f"{key}.{inner}", item) for inner, item in value.items())
        elif key not in parents:
            yield str(key), value


def _kind_of(value: Any) -> str:
    """An own class, or which of Rasa's it is."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    return f" (type '{kind}')" if isinstance(kind, str) else ""
