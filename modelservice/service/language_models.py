"""Trying the language model that a project names, with the keys that its assistant would have."""

import asyncio
import time
from urllib.parse import urlsplit

from django.http import HttpRequest, JsonResponse

from modelservice import settings
from modelservice.calm.understanding.llm.client import LanguageModel, LanguageModelFailure
from modelservice.calm.understanding.llm.endpoint import LanguageModelUnusable, endpoints_of
from modelservice.project.config_text import components, is_command_generator, read_map
from modelservice.project.errors import ProjectError
from modelservice.service.errors import Rejected
from modelservice.service.launching import MODEL_KEY, passed_on
from modelservice.service.views import answered, json_of
from modelservice.wire import ModelTried

_LONGEST = 2_000
# Whatever the project says: nobody waits longer in front of a page.
_MOST_SECONDS = 30.0
_AT_ONCE = 8
_running = 0


@answered("POST")
async def try_it(request: HttpRequest) -> JsonResponse:
    body = json_of(request)
    text, config, endpoints = (body.get(name) for name in ("text", "config", "endpoints"))
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        raise Rejected(400, f"text is required, of at most {_LONGEST} characters")
    if not isinstance(config, str) or not isinstance(endpoints, str):
        raise Rejected(400, "config and endpoints are required, as texts")
    return JsonResponse(await _tried(_model(config, endpoints), text))


@answered("GET")
async def variables(request: HttpRequest) -> JsonResponse:
    """Keys, and what the operator names besides; not what every program has."""
    offered = {MODEL_KEY, *settings.CHILD_VARIABLES}
    return JsonResponse({"variables": sorted(offered & passed_on().keys())})


def _model(config: str, endpoints: str) -> LanguageModel:
    """
    :raises Rejected: a file is no YAML, or names no model that could be asked
    """
    try:
        settings_of_it = read_map(config, "config.yml")
        found = next(filter(is_command_generator, components(settings_of_it, "pipeline")), None)
        if found is None:
            raise Rejected(409, "The pipeline of config.yml has no command generator.")
        groups = read_map(endpoints, "endpoints.yml")
        models = endpoints_of(found, groups, passed_on())
    except ProjectError as error:
        finding = error.findings[0]
        message = f"{finding.file}, line {finding.line}: {finding.message}"
        raise Rejected(400, message) from error
    except LanguageModelUnusable as error:
        raise Rejected(409, f"The language model cannot be asked: {error}.") from error
    for model in models:
        _check_reachable(model.url)
    return LanguageModel(models)


def _check_reachable(url: str) -> None:
    """What is closed to an assistant is closed to a try: this service, and other assistants.

    :raises Rejected: also for an address that is none
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        raise Rejected(409, "The language model's address is not valid.") from None
    first, last = settings.BOT_PORTS
    if port == settings.PORT or first <= port <= last:
        raise Rejected(409, f"Assistants may not reach port {port}.")


async def _tried(model: LanguageModel, text: str) -> ModelTried:
    global _running  # noqa: PLW0603  of the only event loop
    if _running >= _AT_ONCE:
        raise Rejected(429, "Other people try their language models: try again in a moment.")
    _running += 1
    begun = time.monotonic()
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            answer = await model.complete(text)
        said, problem, status, usage = answer.text, "", None, dict(answer.usage)
    except LanguageModelFailure as failure:
        said, problem, status, usage = "", _sentence(failure), failure.status, {}
    except TimeoutError:
        problem = f"The language model did not answer in {_MOST_SECONDS:g} s."
        said, status, usage = "", None, {}
    finally:
        _running -= 1
        await model.close()
    return ModelTried(
        model=model.name,
        answer=model.without_secrets(said),
        problem=problem,
        status=status,
        milliseconds=round((time.monotonic() - begun) * 1000, 1),
        usage=usage,
    )


def _sentence(failure: LanguageModelFailure) -> str:
    text = str(failure)
    return f"{text[:1].upper()}{text[1:]}."
