"""REST in the 1.x layout of Rasa's model service (`model_service_api.md` §4).

What we add: `runtime` and `error` of a training and a bot, a `position` of one that waits, and the
routes of `operations` and `tests`. Nothing else needs them: a service without them trains and
runs assistants as well. `openapi.yaml` describes all of it.
"""

import json
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError

from modelservice import settings
from modelservice.common.tracing import ROUTE
from modelservice.service.bots import Bot
from modelservice.service.defaults import defaults, template, templates
from modelservice.service.errors import Failed, Rejected
from modelservice.service.metrics import REFUSED
from modelservice.service.requests import bot_request, training_request
from modelservice.service.supervisor import supervisor
from modelservice.service.training import Training

View = Callable[..., Coroutine[Any, Any, HttpResponseBase]]
_COUNTED = {429, 507}
_MAX_OFFSET_DIGITS = 15


def answered(*methods: str) -> Callable[[View], View]:
    """Refusals as `{"message": …}`, the shape that Rasa's service has; only these methods."""

    def decorate(view: View) -> View:
        @wraps(view)
        async def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            scope: Any = getattr(request, "scope", {})
            if request.resolver_match is not None:
                scope[ROUTE] = f"/{request.resolver_match.route}"
            if request.method not in methods:
                answer = JsonResponse({"message": "Method Not Allowed"}, status=405)
                answer.headers["Allow"] = ", ".join(methods)
                return answer
            try:
                return await view(request, *args, **kwargs)
            except Rejected as refusal:
                if refusal.status in _COUNTED:
                    REFUSED.labels(refusal.status).inc()
                return JsonResponse({"message": refusal.message}, status=refusal.status)
            except Failed as failure:
                return JsonResponse({"message": str(failure)}, status=503)
            except RequestDataTooBig:
                return JsonResponse({"message": "The body is too long"}, status=413)
            except OSError as problem:
                text = f"The model service cannot do that now: {problem.strerror or problem}"
                return JsonResponse({"message": text}, status=503)

        return wrapped

    return decorate


@answered("GET", "POST")
async def trainings(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        training = await _start_training(request)
        supervisor.wake()
        answer = {"training_id": training.training_id, "model_name": training.model_name}
        return JsonResponse(answer)
    found = supervisor.trainings.list_of(request.GET.get("assistant_id", ""))
    sessions = [{**training_state(each), "runtime_metadata": None} for each in found]
    return JsonResponse({"training_sessions": sessions, "total_number": len(sessions)})


async def _start_training(request: HttpRequest) -> Training:
    supervisor.trainings.check_room()
    if request.content_type != "multipart/form-data":
        return await supervisor.trainings.start(training_request(json_of(request)))
    try:
        fields, file = request.POST.dict(), request.FILES.get("zip")
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Rejected(400, f"The form cannot be read: {error}") from None
    if not isinstance(file, TemporaryUploadedFile):
        raise Rejected(400, "zip file is required")
    with file:
        archive = Path(file.temporary_file_path())
        return await supervisor.trainings.start(training_request(fields, archive))


@answered("GET", "DELETE")
async def training(request: HttpRequest, training_id: str) -> HttpResponse:
    found = supervisor.trainings.get(training_id)
    if request.method == "DELETE":
        await supervisor.trainings.stop(found)
        return JsonResponse({"training_id": training_id})
    return JsonResponse({**training_state(found), **_log_of(request, found.log_id)})


@answered("GET", "POST")
async def bots(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        bot = await supervisor.bots.start(bot_request(json_of(request)))
        supervisor.wake()
        state = {"deployment_id": bot.deployment_id, "status": bot.status.value}
        return JsonResponse({**state, "url": _bot_url(request, bot)})
    sessions = [bot_state(request, bot) for bot in supervisor.bots.list_all()]
    return JsonResponse({"deployment_sessions": sessions, "total_number": len(sessions)})


@answered("GET", "DELETE")
async def bot(request: HttpRequest, deployment_id: str) -> HttpResponse:
    found = supervisor.bots.get(deployment_id)
    if request.method == "DELETE":
        await supervisor.bots.stop(found)
        state = {"deployment_id": deployment_id, "status": found.status.value}
        return JsonResponse({**state, "url": _bot_url(request, found)})
    return JsonResponse({**bot_state(request, found), **_log_of(request, found.log_id)})


def _log_of(request: HttpRequest, log_id: str) -> dict[str, Any]:
    """The end of the log, as Rasa's service gives it, or what follows on `log_offset`.

    :raises Rejected:
    """
    asked = request.GET.get("log_offset")
    if asked is None:
        return {"logs": supervisor.store.log_text(log_id)}
    if not asked.isascii() or not asked.isdecimal() or len(asked) > _MAX_OFFSET_DIGITS:
        raise Rejected(400, "log_offset must be a number of bytes")
    text, begins, ends = supervisor.store.log_part(log_id, int(asked))
    return {"logs": text, "log_from": begins, "log_offset": ends}


@answered("GET", "HEAD", "PUT")
async def model(request: HttpRequest, model_name: str) -> HttpResponseBase:
    if request.method == "PUT":
        await supervisor.models.put(model_name, request)
        return HttpResponse(status=204)
    try:
        path = await supervisor.models.fetch(model_name)
    except Rejected:
        raise Rejected(404, "Model not found") from None
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(path.stat().st_size)})
    return FileResponse(path.open("rb"), content_type="application/gzip", filename=path.name)


@answered("POST")
async def default_content(request: HttpRequest) -> HttpResponse:
    """Our runtime adds the same to every assistant, whatever `config` and `endpoints` say."""
    body = json_of(request)
    if not all(isinstance(body.get(key), str) for key in ("config", "endpoints")):
        raise Rejected(400, "config and endpoints are required, as texts")
    return JsonResponse(defaults())


@answered("GET")
async def project_template(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("template") or "default"
    if name not in templates():
        raise Rejected(400, f"template must be one of {', '.join(templates())}")
    return JsonResponse(template(name))


def training_state(training: Training) -> dict[str, Any]:
    state: dict[str, Any] = {
        "training_id": training.training_id,
        "assistant_id": training.assistant_id,
        "client_id": training.client_id,
        "progress": training.progress,
        "model_name": training.model_name,
        "status": training.status.value,
        "runtime": training.runtime,
        "error": training.error,
        "model_id": training.model_id,
        "model_format": training.model_format,
    }
    position = supervisor.trainings.position(training)
    return state if position is None else {**state, "position": position}


def bot_state(request: HttpRequest, bot: Bot) -> dict[str, Any]:
    return {
        "deployment_id": bot.deployment_id,
        "status": bot.status.value,
        "runtime": bot.runtime.name,
        "returncode": bot.returncode,
        "error": bot.error,
        "model_format": bot.model_format,
        "url": _bot_url(request, bot),
    }


def _bot_url(request: HttpRequest, bot: Bot) -> str:
    base = settings.BASE_URL or request.build_absolute_uri("/talk")
    return f"{base}?deployment_id={bot.deployment_id}"


def json_of(request: HttpRequest) -> dict[str, Any]:
    """
    :raises Rejected:
    """
    if request.content_type != "application/json":
        raise Rejected(415, "The body must be JSON, with Content-Type: application/json")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Rejected(400, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise Rejected(400, "The body must be a JSON object")
    return body
