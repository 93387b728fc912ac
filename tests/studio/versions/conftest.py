"""A real model service, and a small assistant that it can train."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.versions.watching import watch_bots, watch_running
from tests.modelservice.conftest import Realm, Service, wait_until
from tests.studio.conftest import Import

FILES = {
    "config.yml": b"recipe: default.v1\nlanguage: en\nassistant_id: tea  # ours\n",
    "domain.yml": b"""\
slots:
  kind: {type: text}
responses:
  utter_ask_kind: [{text: Which tea?}]
  utter_done: [{text: "One {kind} tea."}]
""",
    "data/flows.yml": b"""\
flows:
  order_tea:
    description: order a cup of tea
    steps:
    - collect: kind
    - action: utter_done
  order_again:
    description: the same once more
    steps:
    - link: order_tea
""",
}


@pytest.fixture(scope="module")
def running_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    realm = Realm()
    events = str(tmp_path_factory.getbasetemp())
    service = Service(
        tmp_path_factory.mktemp("models"), realm, MODEL_SERVICE_EVENT_DIRECTORIES=events
    )
    yield service
    service.stop()
    realm.server.shutdown()


@pytest.fixture
def service(
    running_service: Service, settings: Any, tmp_path: Path, transactional_db: None
) -> Service:
    """Whoever waits for it does so outside of transactions."""
    settings.MS_API_URL = running_service.url
    settings.EVENTS_DIR = tmp_path / "events"
    return running_service


@pytest.fixture
def tea(import_project: Import) -> str:
    """Address of an assistant for ordering tea."""
    assistant = import_project(FILES, name="Tea")["assistant"]
    return f"/api/v1/assistants/{assistant['id']}/"


def watch_until_still() -> None:
    """What the monitor does, until nothing runs any more."""
    wait_until(lambda: watch_running() == 0, 30)
    watch_bots()
