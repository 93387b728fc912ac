"""REST in the 1.x layout of Rasa's model service (`model_service_api.md` §4).

What we add: `runtime` of a training and a bot, `runtimes` in the health document (each with what
keeps it from working, or null), and `/test`, which runs end-to-end tests. Nothing else needs them:
a service without them trains and runs assistants as well.
"""

import json
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from modelservice import settings
from modelservice.service.bots import Bot
from modelservice.service.defaults import defaults
from modelservice.service.errors import Rejected
from modelservice.service.supervisor import supervisor

View = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def rejections(view: View) -> View:
    """Refusals as `{"message": …}`, the shape that Rasa's service has."""

    @wraps(view)
    async def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return await view(request, *args, **kwargs)
        except Rejected as refusal:
            return JsonResponse({"message": refusal.message}, status=refusal.status)

    return wrapped


async def health(request: HttpRequest) -> JsonResponse:
    """Rasa 3.11 to 3.15 answer with the lists."""
    bots = [
        {"internal_url": bot.address, **_bot_state(request, bot)}
        for bot in supervisor.bots.list_all()
    ]
    trainings = [each.as_json() for each in supervisor.trainings.running]
    return JsonResponse(
        {
            "status": "ok",
            "bots": bots,
            "trainings": trainings,
            "runtimes": {each.name: each.problem() for each in supervisor.runtimes.all},
        }
    )


@rejections
async def trainings(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        training = await supervisor.trainings.start(_json(request))
        answer = {"training_id": training.training_id, "model_name": training.model_name}
        return JsonResponse(answer)
    _only(request, "GET", "POST")
    found = supervisor.trainings.list_of(request.GET.get("assistant_id", ""))
    sessions = [{**each.as_json(), "runtime_metadata": None} for each in found]
    return JsonResponse({"training_sessions": sessions, "total_number": len(sessions)})


@rejections
async def training(request: HttpRequest, training_id: str) -> HttpResponse:
    _only(request, "GET", "DELETE")
    found = supervisor.trainings.get(training_id)
    if request.method == "DELETE":
        await supervisor.trainings.stop(found)
        return JsonResponse({"training_id": training_id})
    supervisor.trainings.refresh()
    return JsonResponse({**found.as_json(), "logs": supervisor.store.log_text(found.log_id)})


@rejections
async def bots(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        bot = await supervisor.bots.start(_json(request))
        state = {"deployment_id": bot.deployment_id, "status": bot.status.value}
        return JsonResponse({**state, "url": _bot_url(request, bot)})
    _only(request, "GET", "POST")
    sessions = [_bot_state(request, bot) for bot in supervisor.bots.list_all()]
    return JsonResponse({"deployment_sessions": sessions, "total_number": len(sessions)})


@rejections
async def bot(request: HttpRequest, deployment_id: str) -> HttpResponse:
    _only(request, "GET", "DELETE")
    found = supervisor.bots.get(deployment_id)
    if request.method == "DELETE":
        await supervisor.bots.stop(found)
        state = {"deployment_id": deployment_id, "status": found.status.value}
        return JsonResponse({**state, "url": _bot_url(request, found)})
    logs = supervisor.store.log_text(found.log_id)
    return JsonResponse({**_bot_state(request, found), "logs": logs})


@rejections
async def tests(request: HttpRequest) -> HttpResponse:
    """Runs the test files of the body against a trained model; see `modelservice.wire`."""
    _only(request, "POST")
    run = await supervisor.e2e_runs.start(_json(request))
    return JsonResponse(run.as_json())


@rejections
async def test(request: HttpRequest, test_id: str) -> HttpResponse:
    _only(request, "GET", "DELETE")
    found = supervisor.e2e_runs.get(test_id)
    if request.method == "DELETE":
        await supervisor.e2e_runs.forget(found)
        return JsonResponse({"test_id": test_id})
    await supervisor.e2e_runs.refresh()
    logs = supervisor.store.log_text(found.log_id)
    return JsonResponse(
        {**found.as_json(), "logs": logs, "result": supervisor.e2e_runs.result(found)}
    )


@rejections
async def model(request: HttpRequest, model_name: str) -> HttpResponseBase:
    _only(request, "GET", "HEAD")
    path = supervisor.store.model(model_name)
    if not path.exists():
        raise Rejected(404, "Model not found")
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(path.stat().st_size)})
    return FileResponse(path.open("rb"), content_type="application/gzip", filename=path.name)


@rejections
async def default_content(request: HttpRequest) -> HttpResponse:
    """Our runtime adds the same to every assistant, whatever `config` and `endpoints` say."""
    _only(request, "POST")
    body = _json(request)
    if not all(isinstance(body.get(key), str) for key in ("config", "endpoints")):
        raise Rejected(400, "config and endpoints are required, as texts")
    return JsonResponse(defaults())


def _bot_state(request: HttpRequest, bot: Bot) -> dict[str, Any]:
    return {
        "deployment_id": bot.deployment_id,
        "status": bot.status.value,
        "runtime": bot.runtime.name,
        "returncode": bot.returncode,
        "url": _bot_url(request, bot),
    }


def _bot_url(request: HttpRequest, bot: Bot) -> str:
    base = settings.BASE_URL or request.build_absolute_uri("/talk")
    return f"{base}?deployment_id={bot.deployment_id}"


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Rejected(400, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise Rejected(400, "The body must be a JSON object")
    return body


def _only(request: HttpRequest, *methods: str) -> None:
    if request.method not in methods:
        raise Rejected(405, "Method Not Allowed")
