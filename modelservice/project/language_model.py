"""The language model of an assistant as a form: read from config.yml and endpoints.yml, and
written into them, with everything else in both files as it was."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from typing import Any, Literal, NamedTuple

from modelservice.project.config_text import (
    components,
    is_command_generator,
    is_search,
    read_map,
)
from modelservice.project.settings_text import Unwritable, rewritten

CONFIG, ENDPOINTS = "config.yml", "endpoints.yml"
_REFERENCE = re.compile(r"\$\{(\w+)\}", re.ASCII)
_NEW_GROUP = "language_model"
_OPENAI = "openai"
# Field of the form to the keys that may hold it, the one that is written first.
_KEYS: dict[str, tuple[str, ...]] = {
    "provider": ("provider",),
    "model": ("model",),
    "deployment": ("deployment",),
    "api_base": ("api_base",),
    "api_version": ("api_version",),
    "key": ("api_key",),
    "temperature": ("temperature",),
    "timeout": ("timeout", "request_timeout"),
    "max_tokens": ("max_tokens", "max_completion_tokens"),
}
_NUMBERS = {"temperature", "timeout", "max_tokens"}
Place = Literal["group", "component", "none"]


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """One model. `key` is the name of the variable that holds its key, never a key."""

    provider: str = _OPENAI
    model: str = ""
    deployment: str = ""
    api_base: str = ""
    api_version: str = ""
    key: str = ""
    temperature: float | None = None
    timeout: float | None = None
    max_tokens: int | None = None


class More(NamedTuple):
    """What a file says and the form does not show; `what` is one of `MORE`."""

    file: str
    what: str
    name: str = ""


# several_models: a group has more than one; written_key: a key itself stands in the file;
# not_shown: a setting of the model that the form has no field for, or in another way.
MORE = ("several_models", "written_key", "not_shown")


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """`settings` None: no language model is asked. `component` is the command generator's name,
    empty where the pipeline has none; `place` where its model is written."""

    component: str
    place: Place
    group: str
    settings: ModelSettings | None
    more: tuple[More, ...] = ()


class Texts(NamedTuple):
    config: str
    endpoints: str


def language_model_of(config: Mapping[str, Any], endpoints: Mapping[str, Any]) -> LanguageModel:
    """The model that the first command generator of the pipeline asks."""
    found = next(filter(is_command_generator, components(config, "pipeline")), None)
    if found is None:
        return LanguageModel("", "none", "", None)
    name, llm = str(found["name"]), found.get("llm")
    if not isinstance(llm, Mapping):
        return LanguageModel(name, "none", "", None)
    group = llm.get("model_group")
    if group is None:
        settings, more = _read(llm, CONFIG)
        return LanguageModel(name, "component", "", settings, more)
    models = _models_of(endpoints, group)
    if not models:
        return LanguageModel(name, "group", str(group), None)
    settings, more = _read(models[0], ENDPOINTS)
    if len(models) > 1:
        more = (More(ENDPOINTS, "several_models"), *more)
    return LanguageModel(name, "group", str(group), settings, more)


def _models_of(endpoints: Mapping[str, Any], group: Any) -> list[Mapping[str, Any]]:
    for each in components(endpoints, "model_groups"):
        if each.get("id") == group:
            return components(each, "models")
    return []


def _read(written: Mapping[str, Any], file: str) -> tuple[ModelSettings, tuple[More, ...]]:
    found: dict[str, Any] = {}
    more: list[More] = []
    shown = set()
    for name in _KEYS:
        key = _key_in(written, name)
        if key is None:
            continue
        value = _shown(name, written[key])
        if value is not None:
            found[name] = value
            shown.add(key)
        elif name == "key" and written[key]:
            more.append(More(file, "written_key"))
            shown.add(key)
    more.extend(More(file, "not_shown", str(key)) for key in written if key not in shown)
    return ModelSettings(**found), tuple(more)


def _key_in(written: Mapping[str, Any], name: str) -> str | None:
    return next((key for key in _KEYS[name] if key in written), None)


def _shown(name: str, value: Any) -> Any:
    """The value as the form shows it; None where it cannot."""
    if name == "max_tokens":
        return value if type(value) is int else None
    if name in _NUMBERS:
        return value if type(value) in (int, float) else None
    if not isinstance(value, str) or not value:
        return None
    if name == "key":
        reference = _REFERENCE.fullmatch(value)
        return reference[1] if reference else None
    return value


def _written(name: str, value: Any) -> Any:
    return f"${{{value}}}" if name == "key" else value


def with_language_model(texts: Texts, settings: ModelSettings | None) -> Texts:
    """Both files with this model for the command generator; None: without one, and the groups of
    models stay for whoever else uses them.

    Comments, order and layout stay, and whatever the form does not show.

    :raises ProjectError: a file is no YAML map
    :raises Unwritable: it is written in a way that only a person can edit; nothing is changed
    """
    config = read_map(texts.config, CONFIG)
    endpoints = read_map(texts.endpoints, ENDPOINTS)
    now = language_model_of(config, endpoints)
    if now.settings == settings and (settings is not None or now.place == "none"):
        return texts
    new_config, new_endpoints = deepcopy(config), deepcopy(endpoints)
    _set(new_config, new_endpoints, now, settings)
    made = Texts(
        rewritten(texts.config, config, new_config, CONFIG),
        rewritten(texts.endpoints, endpoints, new_endpoints, ENDPOINTS),
    )
    _check(made, settings)
    return made


def _set(
    config: dict[str, Any],
    endpoints: dict[str, Any],
    now: LanguageModel,
    settings: ModelSettings | None,
) -> None:
    component = next(filter(is_command_generator, components(config, "pipeline")), None)
    if component is None:
        raise Unwritable(CONFIG)
    if settings is None:
        component.pop("llm", None)
    elif now.place == "component":
        component["llm"] = _changed(component["llm"], now.settings, settings)
    elif now.settings is not None:
        models = _models_of(endpoints, component["llm"]["model_group"])
        _replace(models[0], _changed(models[0], now.settings, settings))
    else:
        known = None if now.group else _group_with(endpoints, settings)
        group = now.group or known or _free_group(endpoints)
        if not now.group:
            component["llm"] = {"model_group": group}
        if known is None:
            _add_group(endpoints, group, settings)


def _group_with(endpoints: Mapping[str, Any], settings: ModelSettings) -> str | None:
    """A group that is this model alone: the one that was there before it was switched off."""
    for each in components(endpoints, "model_groups"):
        models, name = components(each, "models"), each.get("id")
        alone = len(models) == 1 and isinstance(name, str)
        if alone and _read(models[0], ENDPOINTS) == (settings, ()):
            return str(name)
    return None


def _free_group(endpoints: Mapping[str, Any]) -> str:
    taken = {str(each.get("id")) for each in components(endpoints, "model_groups")}
    names = (_NEW_GROUP, *(f"{_NEW_GROUP}_{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def _add_group(endpoints: dict[str, Any], group: str, settings: ModelSettings) -> None:
    new = {"id": group, "models": [_changed({}, None, settings)]}
    groups = endpoints.get("model_groups")
    if not isinstance(groups, list):
        endpoints["model_groups"] = [new]
        return
    for at, each in enumerate(groups):
        if isinstance(each, Mapping) and each.get("id") == group:
            groups[at] = {**each, **new}
            return
    groups.append(new)


def _replace(old: Any, new: Mapping[str, Any]) -> None:
    old.clear()
    old.update(new)


def _changed(
    written: Mapping[str, Any], before: ModelSettings | None, after: ModelSettings
) -> dict[str, Any]:
    """The map of a model with what differs; a key that the form does not show stays unless the
    field is filled in."""
    made = dict(written)
    for field in fields(ModelSettings):
        name, value = field.name, getattr(after, field.name)
        if before is not None and getattr(before, name) == value:
            continue
        key = _key_in(made, name) or _KEYS[name][0]
        if value in (None, ""):
            made.pop(key, None)
        else:
            made[key] = _written(name, value)
    return made


def _check(texts: Texts, settings: ModelSettings | None) -> None:
    """What was written says what was asked for, or nothing is written."""
    config, endpoints = read_map(texts.config, CONFIG), read_map(texts.endpoints, ENDPOINTS)
    if language_model_of(config, endpoints).settings != settings:
        raise Unwritable(ENDPOINTS)


Role = Literal["command_generator", "rephraser", "search"]


@dataclass(frozen=True, slots=True)
class Use:
    """Who asks a language model; `same`: the command generator's. `model` is what another one is
    called, a group or a model, as it is written; empty: none is asked."""

    role: Role
    on: bool
    same: bool
    model: str


def uses_of(config: Mapping[str, Any], endpoints: Mapping[str, Any]) -> list[Use]:
    """What else could ask one: the rephraser, and the search in documents."""
    generator: Mapping[str, Any] = next(
        filter(is_command_generator, components(config, "pipeline")), {}
    )
    own = generator.get("llm")
    nlg = endpoints.get("nlg")
    rephraser = nlg if isinstance(nlg, Mapping) and nlg.get("type") == "rephrase" else None
    policies = components(config, "policies")
    search = next((one for one in policies if is_search(one)), None)
    found = [_use("command_generator", own, own)]
    # Where the rephraser names no model of its own, that of the command generator is asked.
    asked = None if rephraser is None else rephraser.get("llm", own)
    found.append(_use("rephraser", asked, own))
    if search is not None and search.get("use_generative_llm", True) is False:
        search = None
    found.append(_use("search", None if search is None else search.get("llm"), own))
    return found


def _use(role: Role, llm: Any, own: Any) -> Use:
    if not isinstance(llm, Mapping):
        return Use(role, on=False, same=False, model="")
    return Use(
        role, on=True, same=llm == own, model=str(llm.get("model_group") or llm.get("model"))
    )
