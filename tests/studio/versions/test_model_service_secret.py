"""Backend and model service share a secret."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.model_service import client as model_service
from studio.model_service.errors import ModelServiceUnavailable
from tests.modelservice.conftest import Realm, Service, wait_until

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(tmp_path: Any) -> Iterator[str]:
    realm = Realm()
    service = Service(tmp_path, realm, MODEL_SERVICE_SECRET="shared")
    yield service.url
    service.stop()
    realm.server.shutdown()


def test_backend_sends_it_and_says_when_it_is_another(address: str, settings: Any) -> None:
    settings.MS_API_URL = address
    settings.MODEL_SERVICE_SECRET = "shared"
    assert wait_until(model_service.overview)["bots"] == []
    for wrong in ("", "another"):
        settings.MODEL_SERVICE_SECRET = wrong
        for call in (model_service.bot_states, lambda: model_service.model_chunks("m")):
            with pytest.raises(ModelServiceUnavailable, match="MODEL_SERVICE_SECRET"):
                call()


@pytest.mark.parametrize(
    ("variables", "reached"),
    [
        ({}, "http://127.0.0.1:8123 of make up"),
        ({"MS_API_URL": "http://other.example:8010"}, "http://other.example:8010 "),
        ({"MODEL_SERVICE_SECRET": "own"}, "http://127.0.0.1:8123 own"),
    ],
)
def test_commands_beside_make_up_find_its_service_and_tell_no_other_its_secret(
    tmp_path: Path, variables: dict[str, str], reached: str
) -> None:
    (tmp_path / "model-service-url").write_text("http://127.0.0.1:8123")
    (tmp_path / "model-service-secret").write_text("of make up")
    script = "from studio.settings import base;print(base.MS_API_URL, base.MODEL_SERVICE_SECRET)"
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STUDIO_DATA_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == f"{reached}\n"
