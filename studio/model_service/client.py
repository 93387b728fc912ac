"""The only client of the model service: the 1.x REST layout of Rasa's own service."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from typing import Any, BinaryIO, cast

import httpx2
from django.conf import settings
from django.db import connection

from modelservice.common import request_ids, tracing
from modelservice.wire import (
    SECRET_HEADER,
    ActionRequest,
    ActionRun,
    ActionServerChecked,
    BotConfig,
    BotRequest,
    BotState,
    ModelTried,
    Parsed,
    PromptMade,
    TestRequest,
    TestState,
    TrainingConfig,
    TrainingRequest,
    TrainingStarted,
    TrainingState,
)
from studio.common.errors import DomainError
from studio.common.metrics import MODEL_SERVICE_CALLS, MODEL_SERVICE_SECONDS
from studio.model_service.errors import (
    DiskFull,
    ModelServiceUnavailable,
    TooManyBots,
    TooManyTrainings,
)

CLIENT_ID = "studio"
# The service answers from memory; starting something may wait for its storage of models.
_TIMEOUT = httpx2.Timeout(10.0, connect=3.0)
# A language model may be asked.
_PARSE_TIMEOUT = httpx2.Timeout(25.0, connect=3.0)
# The service waits 30 seconds for one.
_TRY_TIMEOUT = httpx2.Timeout(35.0, connect=3.0)
# Longer than the service lets a single action take.
_ACTION_TIMEOUT = httpx2.Timeout(45.0, connect=3.0)
_START_TIMEOUT = httpx2.Timeout(45.0, connect=3.0)
# A whole model goes over the line.
_MODEL_TIMEOUT = httpx2.Timeout(300.0, connect=3.0)
_NOT_KNOWN = (401, 403)
_NOT_FOUND, _CONFLICT, _TOO_MANY, _UNAVAILABLE, _NO_ROOM = 404, 409, 429, 503, 507


class Refused(Exception):
    """The model service understood the request and will not do it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def start_training(*, training_id: str, assistant_id: str, config: TrainingConfig) -> str:
    """The name of the model that will be made; repeating a started training is no error."""
    body = TrainingRequest(
        id=training_id, assistant_id=assistant_id, client_id=CLIENT_ID, bot_config=config
    )
    try:
        answer = cast("TrainingStarted", _start("/training", body, TooManyTrainings))
    except Refused as refusal:
        if refusal.status == _CONFLICT:
            known = training_state(training_id)
            if known is not None:
                return known["model_name"]
        raise
    return answer["model_name"]


def training_state(training_id: str, log_offset: int | None = None) -> TrainingState | None:
    """None when the service has forgotten it, as Rasa's does at a restart.

    With an offset its `logs` are what was written since; from a service that takes no offsets, and
    without one, the end of the log.
    """
    return cast("TrainingState | None", _get(f"/training/{training_id}{_behind(log_offset)}"))


def stop_training(training_id: str) -> None:
    _delete(f"/training/{training_id}")


def start_bot(*, deployment_id: str, model_name: str, config: BotConfig) -> BotState:
    body = BotRequest(deployment_id=deployment_id, model_name=model_name, bot_config=config)
    return cast("BotState", _start("/bot", body, TooManyBots))


def bot_state(deployment_id: str, log_offset: int | None = None) -> BotState | None:
    """As for a training."""
    return cast("BotState | None", _get(f"/bot/{deployment_id}{_behind(log_offset)}"))


def _behind(log_offset: int | None) -> str:
    return "" if log_offset is None else f"?log_offset={log_offset}"


def bot_states() -> list[BotState]:
    answer = _call("GET", "/bot")
    return cast("list[BotState]", answer["deployment_sessions"])


def stop_bot(deployment_id: str) -> None:
    _delete(f"/bot/{deployment_id}")


def parse(deployment_id: str, text: str) -> Parsed:
    """What a running assistant would understand by a message.

    :raises Refused: it does not run, or the service has no such route
    :raises ModelServiceUnavailable: also where the assistant does not answer in time
    """
    return cast("Parsed", _ask_bot(deployment_id, "parse", {"text": text}))


def _ask_bot(deployment_id: str, what: str, body: Any) -> dict[str, Any]:
    try:
        return _call("POST", f"/bot/{deployment_id}/{what}", body, timeout=_PARSE_TIMEOUT)
    except Refused as refusal:
        if refusal.status == _UNAVAILABLE:
            raise ModelServiceUnavailable(refusal.message) from refusal
        raise


def try_language_model(
    *, config: str, endpoints: str, text: str, too_many: type[DomainError]
) -> ModelTried:
    """What the model that these files name answers to a sentence.

    :raises Refused: they name none, or the service has no such route
    :raises ModelServiceUnavailable:
    """
    body = {"config": config, "endpoints": endpoints, "text": text}
    answer = _call("POST", "/llm/try", body, too_many, _TRY_TIMEOUT)
    return cast("ModelTried", answer)


def check_action_server(*, endpoints: str, too_many: type[DomainError]) -> ActionServerChecked:
    """Whether an action server answers where this file says that it is.

    :raises Refused: it names none, or the service has no such route
    :raises ModelServiceUnavailable:
    """
    answer = _call("POST", "/action-server/check", {"endpoints": endpoints}, too_many, _TRY_TIMEOUT)
    return cast("ActionServerChecked", answer)


def variables() -> list[str]:
    """Names of the variables that assistants may read and that are set.

    :raises Refused: the service has no such route
    """
    return cast("list[str]", _call("GET", "/llm/variables")["variables"])


def prompt(
    deployment_id: str, name: str, template: str, events: Sequence[dict[str, Any]]
) -> PromptMade:
    """What a template would become at the end of a conversation with a running assistant.

    :raises Refused: it does not run, or the service or its runtime has no such route
    :raises ModelServiceUnavailable: also where the assistant does not answer in time
    """
    body = {"name": name, "template": template, "events": list(events)}
    return cast("PromptMade", _ask_bot(deployment_id, "prompt", body))


def run_action(*, action: str, slots: dict[str, Any], config: dict[str, Any]) -> ActionRun:
    """What one custom action of this project does.

    :raises Refused: also where the service has no such route (404)
    :raises TooManyBots: as many run as may
    """
    body = ActionRequest(action=action, slots=slots, bot_config=config)
    answer = _call("POST", "/action", body, TooManyBots, _ACTION_TIMEOUT)
    return cast("ActionRun", answer)


def overview() -> dict[str, Any]:
    """The health document with all bots and trainings."""
    return _call("GET", "/")


def models() -> list[dict[str, Any]]:
    """`model_name` and `bytes` of each archive; Rasa's service has no such list."""
    return cast("list[dict[str, Any]]", _call("GET", "/models")["models"])


def clean(*, keep: list[str], older_than_seconds: float, dry_run: bool) -> dict[str, Any]:
    """Clear away local models but `keep`, and ended trainings and bots; names of each, `bytes`."""
    body = {"keep_models": keep, "older_than_seconds": older_than_seconds, "dry_run": dry_run}
    return _call("POST", "/clean", body)


def start_tests(
    *, test_id: str, model_name: str, config: BotConfig, files: dict[str, str], path: str
) -> None:
    body = TestRequest(id=test_id, model_name=model_name, bot_config=config, files=files, path=path)
    _start("/test", body, TooManyTrainings)


def test_state(test_id: str) -> TestState | None:
    return cast("TestState | None", _get(f"/test/{test_id}"))


def forget_tests(test_id: str) -> None:
    _delete(f"/test/{test_id}")


def defaults(*, config: str, endpoints: str) -> dict[str, Any]:
    """Default patterns and responses for this configuration; see model_service_api §4.9."""
    return _call("POST", "/defaults", {"config": config, "endpoints": endpoints})


def model_chunks(model_name: str) -> Iterator[bytes] | None:
    """The archive of a model, piece by piece; None when the service does not have it."""
    with ExitStack() as stack:
        _free_database()
        with _readable_errors(), _counted("GET", "/models") as call:
            client = stack.enter_context(_client())
            response = stack.enter_context(client.stream("GET", f"/models/{model_name}"))
            call.outcome = str(response.status_code)
        if response.status_code == _NOT_FOUND:
            return None
        if not response.is_success:
            response.read()
            raise ModelServiceUnavailable(_message(response))
        return _pieces(response, stack.pop_all())


def put_model(model_name: str, archive: BinaryIO) -> None:
    """Bring a model back.

    :raises Refused: it is none, or the service has no such route
    :raises ModelServiceUnavailable:
    """
    with _readable_errors(), _client() as client:
        answer = client.put(f"/models/{model_name}", content=archive, timeout=_MODEL_TIMEOUT)
    if not answer.is_success:
        raise Refused(answer.status_code, _message(answer))


def _pieces(response: httpx2.Response, resources: ExitStack) -> Iterator[bytes]:
    with resources, _readable_errors():
        yield from response.iter_bytes()


def _client() -> httpx2.Client:
    secret = settings.MODEL_SERVICE_SECRET
    return httpx2.Client(
        base_url=settings.MS_API_URL,
        timeout=_TIMEOUT,
        trust_env=False,
        verify=_authorities(),
        headers={**request_ids.passed_on(), **({SECRET_HEADER: secret} if secret else {})},
    )


@cache
def _authorities() -> SSLContext:
    """Those that this machine trusts, read once: it takes longer than most calls."""
    return httpx2.create_ssl_context(trust_env=False)


def _get(path: str) -> dict[str, Any] | None:
    try:
        return _call("GET", path)
    except Refused as refusal:
        if refusal.status == _NOT_FOUND:
            return None
        raise


def _delete(path: str) -> None:
    try:
        _call("DELETE", path)
    except Refused as refusal:
        if refusal.status != _NOT_FOUND:
            raise


def _start(path: str, body: Any, too_many: type[DomainError]) -> dict[str, Any]:
    """Probe the service first, so that one that hangs is reported within seconds."""
    with suppress(Refused):
        _call("GET", "/")
    return _call("POST", path, body, too_many, _START_TIMEOUT)


def _call(
    method: str,
    path: str,
    body: Any = None,
    too_many: type[DomainError] = TooManyTrainings,
    timeout: httpx2.Timeout = _TIMEOUT,
) -> dict[str, Any]:
    _free_database()
    with _readable_errors(), _counted(method, path) as call, _client() as client:
        response = client.request(method, path, json=body, timeout=timeout)
        call.outcome = str(response.status_code)
    if response.is_success:
        return cast("dict[str, Any]", response.json())
    message = _message(response)
    if response.status_code in _NOT_KNOWN:
        raise ModelServiceUnavailable(f"The model service refuses this Studio: {message}.")
    if response.status_code == _TOO_MANY:
        raise too_many(message)
    if response.status_code == _NO_ROOM:
        raise DiskFull(message)
    raise Refused(response.status_code, message)


@dataclass
class _Call:
    """Its outcome is the status of its answer."""

    outcome: str = "unreachable"


@contextmanager
def _counted(method: str, path: str) -> Iterator[_Call]:
    call, began = _Call(), time.perf_counter()
    # Further parts of a path are ids.
    name = f"{method} /{path.split('?', maxsplit=1)[0].split('/')[1]}"
    try:
        with tracing.span(f"model service: {name}", "CLIENT"):
            yield call
    finally:
        MODEL_SERVICE_CALLS.labels(name, call.outcome).inc()
        MODEL_SERVICE_SECONDS.labels(name).observe(time.perf_counter() - began)


def _free_database() -> None:
    """Give the connection back to the pool while this thread waits for the service."""
    if not connection.in_atomic_block:
        connection.close()


def _message(response: httpx2.Response) -> str:
    try:
        return str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"The model service answered {response.status_code}."


@contextmanager
def _readable_errors() -> Iterator[None]:
    try:
        yield
    except httpx2.HTTPError as error:
        detail = f"The model service at {settings.MS_API_URL} does not answer: {error}."
        raise ModelServiceUnavailable(detail) from error
