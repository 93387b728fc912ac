"""A version that an older release trained is trained again before one can talk to it."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.modelservice.conftest import wait_until
from tests.running_studio import RunningStudio, studio_alone
from tests.studio.live.older_model import made_older
from tests.studio.live.tea import import_tea


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(tmp_path_factory.mktemp("older"), MODEL_POLLING_INTERVAL_MS="200") as running:
        yield running


def awaited(api: httpx2.Client, address: str, *states: str) -> dict[str, Any]:
    found: dict[str, Any] = wait_until(
        lambda: version if (version := api.get(address).json())["status"] in states else None, 30
    )
    return found


@pytest.mark.parametrize("names_its_form", [True, False])
def test_it_says_so_is_downloaded_and_trained_again(
    studio: RunningStudio, names_its_form: bool
) -> None:
    assistant = import_tea(studio, f"Older {names_its_form}")
    with studio.api() as api:
        version, _seconds = studio.trained(api, assistant)
        assert version["train_again"] is False
        address = f"assistants/{assistant}/versions/{version['id']}/"
        api.post(f"{address}stop/")
        awaited(api, address, "inactive")
        [model] = studio.directory.rglob(f"{version['model_name']}.tar.gz")
        made_older(model, names_its_form=names_its_form)

        assert api.post(f"{address}activate/").status_code == 200
        version = awaited(api, address, "inactive", "ready", "failed")
        assert version["status"] == "inactive"
        assert version["train_again"] is True
        assert "Train it again" in version["error"]["message"]
        refused = api.post(f"{address}activate/")
        assert (refused.status_code, refused.json()["code"]) == (409, "train_again")
        assert api.get(f"{address}model/").content == model.read_bytes()

        # What was trained, not what is there by now.
        flow = f"assistants/{assistant}/flows/order_tea/"
        assert api.delete(flow).is_success
        again = api.post(f"{address}train/")
        assert again.status_code == 201, again.text
        follower = f"assistants/{assistant}/versions/{again.json()['id']}/"
        version = awaited(api, follower, "ready", "failed")
        assert (version["status"], version["flows"]) == ("ready", ["order_tea"])
        assert version["train_again"] is False
