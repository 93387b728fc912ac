"""A request of a person and what the model service does for it are one trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.modelservice.conftest import wait_until
from tests.modelservice.trace_receiver import Receiver
from tests.running_studio import RunningStudio, studio_alone


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()


@pytest.fixture
def studio(receiver: Receiver, tmp_path: Path) -> Iterator[RunningStudio]:
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    with studio_alone(tmp_path / "studio", **variables) as running:
        yield running


def test_a_training_is_in_the_trace_of_who_asked_for_it(
    studio: RunningStudio, receiver: Receiver
) -> None:
    with studio.api() as api:
        made = api.post("assistants/", json={"name": "Bank", "sample": "bank"}).json()["id"]
        assert api.post(f"assistants/{made}/versions/", json={"flows": None}).status_code == 201
    names = (
        "POST api/v1/assistants/<uuid:assistant_id>/versions/",
        "model service: POST /training",
        "POST /training",
    )
    found = wait_until(
        lambda: (
            len(told := [each for name in names if (each := receiver.named(name))]) == 3 and told
        )
    )
    services = ["studio-backend", "studio-backend", "studio-model-service"]
    assert [service for service, _ in found] == services
    request, call, training = (span for _, span in found)
    assert request.trace_id == call.trace_id == training.trace_id
    assert (call.parent_span_id, training.parent_span_id) == (request.span_id, call.span_id)
