"""The service with an S3 server: models go there, come back, and are not lost in an outage."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.modelservice.conftest import Realm, Service, wait_until
from tests.modelservice.storage_servers import S3Server

pytestmark = [pytest.mark.service, pytest.mark.timeout(600)]


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[S3Server]:
    place = tmp_path / "s3"
    place.mkdir()
    server = S3Server(place)
    yield server
    server.stop()


@pytest.fixture
def service(tmp_path: Path, realm: Realm, s3: S3Server) -> Iterator[Service]:
    patience = {
        "MODEL_SERVICE_STORAGE_PATIENCE_MS": "500",
        "MODEL_SERVICE_UPLOAD_RETRY_MS": "500",
    }
    made = Service(tmp_path / "data", realm, **s3.variables, **patience)
    yield made
    made.stop()


def archive(service: Service, name: str) -> Path:
    return service.directory / "models" / f"{name}.tar.gz"


def test_model_is_in_storage_when_its_training_is_done(service: Service, s3: S3Server) -> None:
    name = service.train("t-1")["model_name"]
    assert service.http.get("/").json()["storage"] == "aws"
    local = archive(service, name)
    content = local.read_bytes()
    local.unlink()
    assert service.http.get(f"/models/{name}").content == content, "it is brought back"
    local.unlink()
    service.run("d-1", name)
    assert local.read_bytes() == content
    assert service.http.get("/models/no-such-model").status_code == 404
    unknown = {"deployment_id": "d-2", "model_name": "no-such-model"}
    assert service.http.post("/bot", json=unknown).status_code == 404


def test_outage_fails_the_training_with_a_sentence_and_the_upload_is_repeated(
    service: Service, s3: S3Server
) -> None:
    assert service.http.get("/ready").json() == {"status": "ok", "problems": []}
    s3.stop()
    state = service.train("t-1")
    assert state["status"] == "error"
    assert "kept here" in state["error"]
    assert "AWS_ENDPOINT_URL" in state["error"]
    local = archive(service, state["model_name"])
    content = local.read_bytes()
    ready = service.http.get("/ready")
    assert (ready.status_code, len(ready.json()["problems"])) == (200, 2), "chats go on"
    unknown = {"deployment_id": "d-2", "model_name": "elsewhere"}
    assert service.http.post("/bot", json=unknown).status_code == 503
    service.run("d-1", state["model_name"])  # what is here needs no storage
    service.kill()
    service.start()
    s3.start()
    wait_until(lambda: service.http.get("/ready").json()["problems"] == [], 30)
    local.unlink()
    assert service.http.get(f"/models/{state['model_name']}").content == content


def test_storage_that_cannot_be_used_is_told_from_the_start(
    tmp_path: Path, realm: Realm, s3: S3Server
) -> None:
    variables = {**s3.variables, "BUCKET_NAME": "no-such-bucket"}
    service = Service(tmp_path / "data", realm, **variables)
    try:
        problems = wait_until(lambda: service.http.get("/ready").json()["problems"])
        assert "no-such-bucket" in problems[0]
    finally:
        service.stop()
