"""What a project asks for and this runtime cannot do, said by name at training time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modelservice.calm.content.components import (
    EXTRACTORS,
    LLM_GENERATORS,
    NLU_ADAPTER,
    NLU_COMPONENTS,
    ROUTERS,
    component_name,
    components_of,
    first_component,
)
from modelservice.calm.content.flow import ActionStep
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.search.passages import POLICY
from modelservice.calm.training.settings_table import told_of_settings
from modelservice.calm.training.source import RawProject
from modelservice.project.action_endpoint import actions_module, actions_problem
from modelservice.project.checks import defaults as default_names
from modelservice.project.config_text import languages_of, prompt_templates_of

_SERVED = frozenset({"FlowPolicy", NLU_ADAPTER, POLICY, *LLM_GENERATORS, *ROUTERS})
_BROKERS = ("file", "kafka", "concurrent_kafka")
_SEARCH = "action_trigger_search"


def warnings_about(project: RawProject, assistant: Assistant) -> list[str]:
    """Readable sentences, each naming what is left out and what happens instead."""
    problem = languages_of(project.config).problem
    return [
        *([f"config: {problem}"] if problem else []),
        *told_of_settings(project.config, project.endpoints),
        *_component_warnings(project.config),
        *_prompt_warnings(project),
        *_content_warnings(project),
        *_endpoint_warnings(project.endpoints),
        *_search_warnings(project, assistant),
        *_custom_action_warnings(project.endpoints, assistant),
    ]


def _component_warnings(config: Mapping[str, Any]) -> Iterator[str]:
    for key in ("pipeline", "policies"):
        for component in components_of(config, key):
            name = component_name(component)
            if name in LLM_GENERATORS:
                yield (
                    f"{name}{_model_group(component)} needs a language model: where none can be "
                    "asked, the offline command generator takes its place"
                )
            elif name in ROUTERS:
                yield (
                    f"{name}: what it routes to the classic NLU part is answered by saying that "
                    "only Rasa itself runs that part (utter_classic_part_not_running)"
                )
            elif name in NLU_COMPONENTS - _SERVED:
                own = "extractor" if name in EXTRACTORS else "classifier"
                yield f"{key}: instead of '{name}' this runtime has its own {own}"
            elif name not in _SERVED:
                yield f"{key}: '{name}' is not part of this runtime and is left out"


def _prompt_warnings(project: RawProject) -> Iterator[str]:
    for path in prompt_templates_of(project.config, project.endpoints):
        if path not in project.prompts:
            yield f"the prompt template '{path}' is not in the project; our own is used instead"


def _model_group(component: Mapping[str, Any]) -> str:
    llm = component.get("llm")
    group = llm.get("model_group") if isinstance(llm, Mapping) else None
    return f" (model group '{group}')" if group else ""


def _content_warnings(project: RawProject) -> Iterator[str]:
    for place in project.stories:
        yield f"{place} are for classic assistants and are left out"
    forms = project.domain.get("forms")
    if isinstance(forms, Mapping) and forms:
        names = ", ".join(sorted(forms))
        yield f"forms are for classic assistants and are left out: {names}"


def _endpoint_warnings(endpoints: Mapping[str, Any]) -> Iterator[str]:
    nlg = endpoints.get("nlg") or {}
    if isinstance(nlg, Mapping) and nlg.get("type") == "rephrase":
        yield (
            "nlg: rephrasing needs a language model: where none can be asked, responses are said "
            "as they are written"
        )
    elif isinstance(nlg, Mapping) and nlg.get("type") not in (None, "callback", "response"):
        yield f"nlg: type '{nlg['type']}' is not known here; responses are said as they are written"
    broker = endpoints.get("event_broker")
    kind = broker.get("type") if isinstance(broker, Mapping) else None
    if kind is not None and kind not in _BROKERS:
        yield f"event_broker: type '{kind}' is not known here; use type: file or type: kafka"
    groups = endpoints.get("model_groups")
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, Mapping) and group.get("router"):
            name = group.get("id")
            yield f"model_groups: 'router' of '{name}' is ignored: models are tried in order"


def searches(assistant: Assistant) -> bool:
    """Whether a flow looks something up in the documents."""
    return any(
        isinstance(step, ActionStep) and step.action == _SEARCH
        for flow in assistant.flows
        for step in flow.steps.values()
    )


def _search_warnings(project: RawProject, assistant: Assistant) -> Iterator[str]:
    yield from project.document_problems
    policy = first_component(project.config, "policies", [POLICY])
    if searches(assistant):
        if not project.documents:
            yield f"{_SEARCH} finds nothing: there are no documents (.md, .txt) to search"
        store = (policy or {}).get("vector_store")
        kind = store.get("type", "faiss") if isinstance(store, Mapping) else "faiss"
        if kind != "faiss":
            yield f"{POLICY}: '{kind}' is not asked; the documents of the project are searched"
    elif policy is not None:
        yield f"{POLICY} is not used: no flow runs {_SEARCH}, let pattern_search do so"


def _custom_action_warnings(endpoints: Mapping[str, Any], assistant: Assistant) -> Iterator[str]:
    action = endpoints.get("action_endpoint")
    named = isinstance(action, Mapping) and action.get("url")
    if named or actions_module(endpoints) is not None:
        return
    names = assistant.domain.actions - default_names.ACTIONS - set(assistant.domain.responses)
    if names:
        yield (
            f"nobody runs these custom actions: {', '.join(sorted(names))}; "
            f"{actions_problem(endpoints)}"
        )
