"""The Rasa CLI against `make up`, over the wire."""

import copy
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import requests
from keycloak.exceptions import KeycloakAuthenticationError

from tests.cli.at_once import push_at_once
from tests.cli.client import VERSIONS, LocalProject, Refused
from tests.cli.example import project
from tests.cli.signed_in import Login
from tests.cli.walk import walk
from tests.modelservice.conftest import wait_until
from tests.running_studio import PASSWORD, RunningStudio, studio_alone


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(tmp_path_factory.mktemp("cli")) as running:
        yield running


def test_every_generation_of_it(studio: RunningStudio, project: LocalProject) -> None:
    login = Login(studio.url)
    assert login.is_reachable()
    with pytest.raises(KeycloakAuthenticationError) as refusal:
        login.sign_in("admin", "wrong")
    assert refusal.value.response_code == 401
    login.sign_in("admin", PASSWORD)
    login.refresh()
    for version in VERSIONS:
        walk(login.client(version), f"bank of {version}", project)


def test_what_is_too_large_is_said_in_the_list_of_errors(
    studio: RunningStudio, project: LocalProject
) -> None:
    """Before anybody is asked who they are, and afterwards."""
    login = Login(studio.url)
    login.token = {"token_type": "Bearer", "access_token": "expired"}
    large = copy.deepcopy(project)
    large.flows["pay"]["description"] = "x" * 70_000
    with pytest.raises(Refused, match="token"):
        login.client("3.21").upload("large", large)
    login.sign_in("admin", PASSWORD)
    # 57 MB
    large.domain["responses"] = {f"utter_{n}": [{"text": "x" * 190_000}] for n in range(300)}
    with pytest.raises(Refused, match="The body has more than"):
        login.client("3.21").upload("large", large)
    assert login.client("3.21").id_of("large") is None


def test_two_people_at_once(studio: RunningStudio, project: LocalProject) -> None:
    people = []
    with studio.api() as api:
        for name in ("ana", "ben"):
            person = {"username": name, "name": name, "roles": ["Developer"], "password": PASSWORD}
            assert api.post("users/", json=person).status_code == 201
            login = Login(studio.url)
            login.sign_in(name, PASSWORD)
            people.append(login.client("3.21"))
    push_at_once(people[0], people[1], "at once", project)


def test_a_push_while_it_is_trained(studio: RunningStudio, project: LocalProject) -> None:
    """The version is of what stood when its training began; the push is there afterwards."""
    login = Login(studio.url)
    login.sign_in("admin", PASSWORD)
    cli = login.client("3.21")
    project.config = "recipe: default.v1\nlanguage: en\npolicies:\n- name: FlowPolicy\n"
    cli.upload("in training", project)
    with studio.api() as api:
        path = f"assistants/{cli.id_of('in training')}/versions/"
        version = api.post(path, json={"flows": None}).json()
        project.flows["pay"]["description"] = "pay quickly"
        cli.push("in training", project)
        assert version["status"] != "ready"
        trained = wait_until(lambda: _trained(api, f"{path}{version['id']}/"), 120)
        assert trained["status"] == "ready", trained["error"]
        given = api.get(f"{path}{version['id']}/input/")
        with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
            texts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"pay somebody" in texts
    assert b"pay quickly" not in texts
    assert cli.export("in training").flows["pay"]["description"] == "pay quickly"


def _trained(api: httpx2.Client, path: str) -> Any:
    version = api.get(path).json()
    return version if version["status"] in {"ready", "failed"} else None


def test_half_an_upload_saves_nothing(studio: RunningStudio) -> None:
    login = Login(studio.url)
    login.sign_in("admin", PASSWORD)

    def half() -> Iterator[bytes]:
        yield b'{"query": "mutation'
        raise ConnectionError("the line is cut")

    headers = {"Authorization": f"Bearer {login.token['access_token']}"}
    with pytest.raises(requests.ConnectionError):
        requests.post(login.graphql, data=half(), headers=headers, timeout=10)
    assert login.client("3.21").id_of("half") is None
    assert login.client("3.21").is_signed_in()


__all__ = ["project"]
