"""What operators and the backend's tests page use beside Rasa's routes."""

import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from prometheus_client import generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from modelservice.gate import stranger
from modelservice.service.cleaning import clean, clean_request
from modelservice.service.errors import Rejected
from modelservice.service.lifecycle import BotState
from modelservice.service.supervisor import supervisor
from modelservice.service.views import answered, bot_state, json_of, training_state
from modelservice.service.watching import use_of

MAX_PARSED = 2_000
_PROJECT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OPENAPI = Path(__file__).resolve().parent.parent / "openapi.yaml"


@answered("GET", "HEAD")
async def health(request: HttpRequest) -> JsonResponse:
    """Alive; to a caller who is known, with the lists, as Rasa 3.11 to 3.15."""
    headers = request.headers.items()
    known = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    if stranger(known):
        return JsonResponse({"status": "ok"})
    bots = [
        {"internal_url": bot.address, **bot_state(request, bot)}
        for bot in supervisor.bots.list_all()
    ]
    trainings = [training_state(each) for each in supervisor.trainings.running]
    return JsonResponse(
        {
            "status": "ok",
            "bots": bots,
            "trainings": trainings,
            "runtimes": {each.name: each.problem() for each in supervisor.runtimes.all},
            "storage": supervisor.models.storage_name,
            "containment": supervisor.launcher.containment,
            "actions": supervisor.actions.problem,
            "embeddings": supervisor.embedding.state,
        }
    )


@answered("GET", "HEAD")
async def ready(request: HttpRequest) -> JsonResponse:
    """Whether work can be taken: 503 where the directory cannot be written. Being full is no fault,
    and without storage for models chats go on: that is told, and takes nobody out of service."""
    problems = []
    base = supervisor.store.base
    is_writable = os.access(base, os.W_OK)
    if not is_writable:
        problems.append(f"The working directory {base} cannot be written.")
    if waiting := supervisor.models.waiting:
        problems.append(f"{len(waiting)} models wait to be uploaded to storage.")
    if supervisor.models.problem:
        problems.append(supervisor.models.problem)
    body = {"status": "ok" if is_writable else "not ready", "problems": problems}
    return JsonResponse(body, status=200 if is_writable else 503)


async def metrics_document() -> bytes:
    """In the event loop, to which what is looked at belongs."""
    return generate_latest()


@answered("GET")
async def metrics(request: HttpRequest) -> HttpResponse:
    document = await metrics_document()
    return HttpResponse(document, content_type="text/plain; version=0.0.4; charset=utf-8")


@answered("GET")
async def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_OPENAPI.read_bytes(), content_type="application/yaml")


@answered("GET")
async def models(request: HttpRequest) -> JsonResponse:
    """Those that are here; storage may have more."""
    found = [
        {"model_name": path.name.removesuffix(".tar.gz"), "bytes": path.stat().st_size}
        for path in sorted(supervisor.store.models.glob("[!.]*.tar.gz"))
    ]
    return JsonResponse({"models": found})


@answered("POST")
async def cleaning(request: HttpRequest) -> JsonResponse:
    cleaned = await clean(supervisor, clean_request(json_of(request)))
    return JsonResponse(asdict(cleaned))


@answered("POST")
async def parse(request: HttpRequest, deployment_id: str) -> JsonResponse:
    """What a message would be understood as at the beginning of a conversation."""
    found = supervisor.bots.get(deployment_id)
    text = json_of(request).get("text")
    if not isinstance(text, str) or len(text) > MAX_PARSED:
        raise Rejected(400, f"text is required, of at most {MAX_PARSED} characters")
    return JsonResponse(await supervisor.bots.parse(found, text))


@answered("POST")
async def prompt(request: HttpRequest, deployment_id: str) -> JsonResponse:
    """What a template for a language model would become at the end of a conversation."""
    found = supervisor.bots.get(deployment_id)
    body = json_of(request)
    name, template, events = (body.get(key) for key in ("name", "template", "events"))
    if not isinstance(name, str) or not isinstance(template, str):
        raise Rejected(400, "name and template are required, as texts")
    if not isinstance(events, list) or not all(isinstance(each, dict) for each in events):
        raise Rejected(400, "events is required, as a list of objects")
    wanted = {"name": name, "template": template, "events": events}
    return JsonResponse(await supervisor.bots.prompt(found, wanted))


@answered("POST")
async def action(request: HttpRequest) -> JsonResponse:
    """Runs one custom action of the project in the body; see `modelservice.wire.ActionRequest`."""
    return JsonResponse(await supervisor.single_actions.run(json_of(request)))


@answered("DELETE")
async def project(request: HttpRequest, project_id: str) -> HttpResponseBase:
    """Forget all of an assistant: its trainings, and bots named after these or after itself."""
    if not _PROJECT.fullmatch(project_id):
        return JsonResponse({"message": "A project id is a lower-case UUID"}, status=400)
    of_it = supervisor.trainings.list_of(project_id)
    names = {training.training_id for training in of_it}
    for bot in supervisor.bots.list_all():
        is_named = any(bot.deployment_id.startswith(f"{name}-") for name in {*names, project_id})
        if bot.deployment_id in names or is_named:
            await supervisor.bots.forget(bot)
    for training in of_it:
        await supervisor.trainings.forget(training)
        supervisor.store.model(training.model_name).unlink(missing_ok=True)
    return HttpResponse(status=204)


@answered("POST")
async def tests(request: HttpRequest) -> HttpResponse:
    """Runs the test files of the body against a trained model; see `modelservice.wire`."""
    run = await supervisor.e2e_runs.start(json_of(request))
    return JsonResponse(run.as_json())


@answered("GET", "DELETE")
async def test(request: HttpRequest, test_id: str) -> HttpResponse:
    found = supervisor.e2e_runs.get(test_id)
    if request.method == "DELETE":
        await supervisor.e2e_runs.forget(found)
        return JsonResponse({"test_id": test_id})
    await supervisor.e2e_runs.refresh()
    logs = supervisor.store.log_text(found.log_id)
    return JsonResponse(
        {**found.as_json(), "logs": logs, "result": supervisor.e2e_runs.result(found)}
    )


class _Living(Collector):
    """What is true at the moment of asking."""

    def collect(self) -> list[Metric]:
        trainings = GaugeMetricFamily(
            "modelservice_trainings", "Trainings that run or wait", labels=["status"]
        )
        trainings.add_metric(["running"], len(supervisor.trainings.running))
        trainings.add_metric(["queued"], len(supervisor.trainings.queued))
        bots = GaugeMetricFamily(
            "modelservice_bots", "Bots that are not stopped", labels=["status"]
        )
        for status in (BotState.QUEUED, BotState.RUNNING):
            count = sum(bot.status is status for bot in supervisor.bots.living)
            bots.add_metric([status.value], count)
        uploads = GaugeMetricFamily(
            "modelservice_models_waiting_for_storage",
            "Models that storage has not taken yet",
            value=len(supervisor.models.waiting),
        )
        return [trainings, bots, uploads, *self._of_bots()]

    @staticmethod
    def _of_bots() -> list[Metric]:
        memory = GaugeMetricFamily(
            "modelservice_bot_resident_bytes", "Memory of a bot", labels=["deployment_id"]
        )
        cpu = GaugeMetricFamily(
            "modelservice_bot_cpu_seconds", "CPU time of a bot so far", labels=["deployment_id"]
        )
        chats = GaugeMetricFamily(
            "modelservice_open_chats", "Chats that are open with a bot", labels=["deployment_id"]
        )
        for bot in supervisor.bots.living:
            if bot.child is not None:
                use = use_of(bot.child)
                memory.add_metric([bot.deployment_id], use.resident_bytes)
                cpu.add_metric([bot.deployment_id], use.cpu_seconds)
                chats.add_metric([bot.deployment_id], bot.open_chats)
        return [memory, cpu, chats]


REGISTRY.register(_Living())


def not_found(request: HttpRequest, exception: Any = None) -> JsonResponse:
    return JsonResponse({"message": "There is nothing at this address"}, status=404)


def broken(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"message": "The model service has failed; its log says why"}, status=500)
