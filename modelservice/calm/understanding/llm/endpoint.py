"""Where a component's language model is, from config.yml and the model groups of endpoints.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from modelservice.calm.content.environment import expand
from modelservice.calm.errors import CalmError, ProjectError

DEFAULT_TIMEOUT_SECONDS = 7.0
_MAX_TIMEOUT_SECONDS = 120.0
_DEFAULT_ANSWER_TOKENS = 256
_OPENAI_BASE = "https://api.openai.com/v1"
# Settings of a model that go into each request as they are.
_PASSED_ON = (
    "temperature",
    "top_p",
    "seed",
    "presence_penalty",
    "frequency_penalty",
    "reasoning_effort",
    "max_tokens",
    "max_completion_tokens",
)


class LanguageModelUnusable(CalmError):
    """The project names a language model that cannot be used here; says why."""


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """One model behind one address. `headers` and `secrets` must not be logged."""

    model: str
    url: str
    parameters: Mapping[str, Any]
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


def endpoints_of(
    component: Mapping[str, Any], endpoints: Mapping[str, Any], environment: Mapping[str, str]
) -> list[ModelEndpoint]:
    """The usable models of a component's `llm`, in order. Raises `LanguageModelUnusable`."""
    usable: list[ModelEndpoint] = []
    problems: list[str] = []
    for written in _models(component, endpoints):
        try:
            settings = expand(written, environment, file="endpoints.yml")
            usable.append(_endpoint(settings, environment))
        except (ProjectError, LanguageModelUnusable) as error:
            problems.append(str(error))
    if not usable:
        raise LanguageModelUnusable("; ".join(problems) or "it names no model")
    return usable


def _models(
    component: Mapping[str, Any], endpoints: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    llm = component.get("llm")
    if not isinstance(llm, Mapping):
        raise LanguageModelUnusable("config.yml names no 'llm' for it")
    wanted = llm.get("model_group")
    if wanted is None:
        yield llm
        return
    groups = endpoints.get("model_groups")
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, Mapping) and group.get("id") == wanted:
            models = group.get("models")
            yield from (m for m in models or [] if isinstance(m, Mapping))
            return
    raise LanguageModelUnusable(f"endpoints.yml has no model group '{wanted}'")


def _endpoint(settings: Mapping[str, Any], environment: Mapping[str, str]) -> ModelEndpoint:
    provider = str(settings.get("provider") or "openai")
    read = {"openai": _openai, "azure": _azure}.get(provider, _self_hosted)
    url, key = read(settings, environment)
    # Keys that are read from files end with a line break.
    key = str(key).strip() if key else None
    if not url.startswith(("http://", "https://")):
        raise LanguageModelUnusable("'api_base' is not an HTTP address")
    parameters = {name: settings[name] for name in _PASSED_ON if name in settings}
    if not any(name in parameters for name in ("max_tokens", "max_completion_tokens")):
        # Other servers may know only the older name.
        newer = provider in ("openai", "azure")
        parameters["max_completion_tokens" if newer else "max_tokens"] = _DEFAULT_ANSWER_TOKENS
    model = str(settings.get("model") or settings.get("deployment") or "")
    return ModelEndpoint(
        model=model,
        url=url,
        parameters={"model": model, **parameters} if model else parameters,
        timeout_seconds=_timeout(settings),
        headers=_authorization(provider, key),
        secrets=(key,) if key else (),
    )


# Where to ask, and with which key.
_Address = tuple[str, str | None]


def _openai(settings: Mapping[str, Any], environment: Mapping[str, str]) -> _Address:
    base = settings.get("api_base") or environment.get("OPENAI_API_BASE") or _OPENAI_BASE
    key = settings.get("api_key")
    if not key and not settings.get("api_base"):
        # The operator's key goes to the operator's address only, never to one of the project.
        key = environment.get("OPENAI_API_KEY")
    if not key and base == _OPENAI_BASE:
        raise LanguageModelUnusable("neither 'api_key' nor the variable OPENAI_API_KEY is set")
    return _chat_url(str(base)), key


def _azure(settings: Mapping[str, Any], environment: Mapping[str, str]) -> _Address:
    base = settings.get("api_base") or environment.get("AZURE_API_BASE")
    version = settings.get("api_version") or environment.get("AZURE_API_VERSION")
    key = settings.get("api_key") or environment.get("AZURE_API_KEY")
    needed = {"deployment": settings.get("deployment")}
    needed |= {"api_base": base, "api_version": version, "api_key": key}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise LanguageModelUnusable(f"an azure model needs {', '.join(missing)}")
    path = f"/openai/deployments/{needed['deployment']}/chat/completions?api-version={version}"
    return str(base).rstrip("/") + path, key


def _self_hosted(settings: Mapping[str, Any], environment: Mapping[str, str]) -> _Address:
    base = settings.get("api_base")
    if not base:
        raise LanguageModelUnusable(
            f"provider '{settings.get('provider')}' needs an 'api_base' that speaks OpenAI's API"
        )
    key = settings.get("api_key") or environment.get("SELF_HOSTED_LLM_API_KEY")
    return _chat_url(str(base)), key


def _authorization(provider: str, key: str | None) -> dict[str, str]:
    if not key:
        return {}
    return {"api-key": key} if provider == "azure" else {"Authorization": f"Bearer {key}"}


def _chat_url(base: str) -> str:
    path = "/chat/completions"
    trimmed = base.rstrip("/")
    return trimmed if trimmed.endswith(path) else trimmed + path


def _timeout(settings: Mapping[str, Any]) -> float:
    wanted = settings.get("timeout", settings.get("request_timeout"))
    if isinstance(wanted, (int, float)) and wanted > 0:
        return min(float(wanted), _MAX_TIMEOUT_SECONDS)
    return DEFAULT_TIMEOUT_SECONDS
