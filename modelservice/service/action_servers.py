"""Asking the action server that a project names whether it is there."""

import time

from django.http import HttpRequest, JsonResponse

from modelservice.calm.actions.http_server import HttpActions
from modelservice.calm.content.environment import expand
from modelservice.calm.errors import ProjectError as EndpointError
from modelservice.calm.other_server import Endpoint, endpoint_in
from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.service.errors import Rejected
from modelservice.service.launching import passed_on
from modelservice.service.trials import check_reachable, one_trial
from modelservice.service.views import answered, json_of
from modelservice.wire import ActionServerChecked

_KEY = "action_endpoint"


@answered("POST")
async def check(request: HttpRequest) -> JsonResponse:
    endpoints = json_of(request).get("endpoints")
    if not isinstance(endpoints, str):
        raise Rejected(400, "endpoints is required, as a text")
    endpoint = _endpoint(endpoints)
    check_reachable(endpoint.url, "action server")
    return JsonResponse(await _checked(endpoint))


def _endpoint(text: str) -> Endpoint:
    """
    :raises Rejected: the file is no YAML, or names no server that could be asked
    """
    try:
        settings = read_map(text, "endpoints.yml").get(_KEY) or {}
        endpoint = endpoint_in(expand(settings, passed_on(), file="endpoints.yml"), _KEY)
    except ProjectError as error:
        finding = error.findings[0]
        message = f"{finding.file}, line {finding.line}: {finding.message}"
        raise Rejected(400, message) from error
    except EndpointError as error:
        raise Rejected(409, f"The action server cannot be asked: {error.message}.") from error
    if endpoint is None:
        raise Rejected(409, "endpoints.yml names no action server.")
    return endpoint


async def _checked(endpoint: Endpoint) -> ActionServerChecked:
    actions = HttpActions(endpoint)
    begun = time.monotonic()
    try:
        async with one_trial():
            health = await actions.health()
    finally:
        await actions.close()
    milliseconds = round((time.monotonic() - begun) * 1000, 1)
    return ActionServerChecked(state=health.state, status=health.status, milliseconds=milliseconds)
