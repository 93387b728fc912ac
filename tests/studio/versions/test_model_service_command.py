"""`manage.py model_service`, against a real model service."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from tests.modelservice.conftest import Service
from tests.studio.versions.conftest import watch_until_still


def said(*arguments: str) -> str:
    output = StringIO()
    call_command("model_service", *arguments, stdout=output)
    return output.getvalue()


def test_list_stop_and_clean(tea: str, api_client: APIClient, service: Service) -> None:
    stray = service.train("stray")["model_name"]
    version = api_client.post(f"{tea}versions/", {"flows": None}, format="json").json()
    watch_until_still()
    version = api_client.get(f"{tea}versions/{version['id']}/").json()
    deployment = f"{version['id']}-1"
    listed = said("list")
    assert f"bot       {deployment}  running  Tea, version 1" in listed
    assert f"model     {stray}  0.0 MB  of no version" in listed
    found = json.loads(said("list", "--json"))
    assert version["model_name"] in {model["model_name"] for model in found["models"]}

    assert said("stop", deployment) == f"Stopped {deployment}.\n"
    assert service.bot(deployment)["status"] == "stopped"
    with pytest.raises(CommandError, match="no training and no bot 'nothing'"):
        said("stop", "nothing")

    assert "Would remove" in said("clean", "--older-than-days", "0", "--dry-run")
    assert service.http.get(f"/models/{stray}").status_code == 200
    assert "Would remove 0 models" in said("clean", "--dry-run"), "a day is the usual age"
    cleaned = json.loads(said("clean", "--older-than-days", "0", "--json"))
    assert stray in cleaned["models"]
    assert version["model_name"] not in cleaned["models"]
    assert deployment in cleaned["bots"]
    assert service.http.get(f"/models/{stray}").status_code == 404
    assert service.http.get(f"/models/{version['model_name']}").status_code == 200


def test_service_that_does_not_answer_is_named(settings: object) -> None:
    settings.MS_API_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:9 does not answer"):
        said("list")
