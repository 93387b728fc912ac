"""Backend and model service share a secret."""

from collections.abc import Iterator
from typing import Any

import pytest

from studio.model_service import client as model_service
from studio.model_service.errors import ModelServiceUnavailable
from tests.modelservice.conftest import Realm, Service, wait_until

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
