"""Trying the language model that a project names, with the keys that its assistant would have."""

import time

from django.http import HttpRequest, JsonResponse

from modelservice import settings
from modelservice.calm.understanding.llm.client import LanguageModel, LanguageModelFailure
from modelservice.calm.understanding.llm.endpoint import LanguageModelUnusable, endpoints_of
from modelservice.project.config_text import components, is_command_generator, read_map
from modelservice.project.errors import ProjectError
from modelservice.service.errors import Rejected
from modelservice.service.launching import MODEL_KEY, passed_on
from modelservice.service.trials import MOST_SECONDS, check_reachable, one_trial
from modelservice.service.views import answered, json_of
from modelservice.wire import ModelTried

_LONGEST = 2_000


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
        check_reachable(model.url, "language model")
    return LanguageModel(models)


async def _tried(model: LanguageModel, text: str) -> ModelTried:
    begun = time.monotonic()
    try:
        async with one_trial():
            answer = await model.complete(text)
        said, problem, status, usage = answer.text, "", None, dict(answer.usage)
    except LanguageModelFailure as failure:
        said, problem, status, usage = "", _sentence(failure), failure.status, {}
    except TimeoutError:
        problem = f"The language model did not answer in {MOST_SECONDS:g} s."
        said, status, usage = "", None, {}
    finally:
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
