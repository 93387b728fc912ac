"""Train, deploy, stop and wake versions, with a real model service behind."""

import io
import json
import os
import signal
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from studio.content.models import Blob, Item
from studio.versions.models import Version
from studio.versions.services import version_deploy, version_stop
from tests.conftest import AsUser
from tests.modelservice.conftest import Service, wait_until
from tests.project.test_cases import CASES, files_of
from tests.studio.conftest import Import
from tests.studio.versions.conftest import FILES, watch_until_still


def train(client: APIClient, tea: str, **data: Any) -> Any:
    return client.post(f"{tea}versions/", data, format="json")


def get(client: APIClient, tea: str, version: dict[str, Any], what: str = "") -> Any:
    return client.get(f"{tea}versions/{version['id']}/{what}")


def test_train_to_ready_and_download(
    api_client: APIClient, tea: str, service: Service, settings: Any
) -> None:
    answer = train(api_client, tea, name="first", note="to try")
    assert answer.status_code == 201, answer.json()
    version = answer.json()
    assert (version["number"], version["status"], version["chat_url"]) == (1, "training", None)
    second = train(api_client, tea)
    assert (second.status_code, second.json()["code"]) == (409, "training_running")
    watch_until_still()
    version = get(api_client, tea, version).json()
    assert (version["status"], version["progress"], version["error"]) == ("ready", 100, None)
    assert version["chat_url"] == f"ws://testserver/talk/{version['id']}-1/"
    assert sorted(version["flows"]) == ["order_again", "order_tea"]
    assert get(api_client, tea, version, "log/").content
    assert get(api_client, tea, version, "model/link/").json() == {"url": None}
    model = get(api_client, tea, version, "model/")
    assert b"".join(model.streaming_content)[:2] == b"\x1f\x8b"
    with zipfile.ZipFile(io.BytesIO(get(api_client, tea, version, "input/").content)) as archive:
        config = archive.read("config.yml").decode()
        endpoints = archive.read("endpoints.yml").decode()
    _download_by_name(api_client, tea.split("/")[-2], version)
    assert f"assistant_id: {tea.split('/')[-2]}\n" in config
    assert str(settings.EVENTS_DIR) in endpoints
    content = get(api_client, tea, version, "flows/").json()
    assert "order_tea" in content["flows"]
    assert (list(content["slots"]), content["actions"]) == (["kind"], [])
    listed = api_client.get("/api/v1/assistants/").json()["results"][0]
    assert listed["ready_version"]["number"] == listed["latest_version"]["number"] == 1


KAFKA = "event_broker: {type: kafka, url: '${KAFKA_OF_BOTS}', security_protocol: PLAINTEXT}\n"


def test_a_kafka_of_the_author_stays_where_studio_reads_one(
    api_client: APIClient, import_project: Import, service: Service, settings: Any
) -> None:
    imported = import_project({**FILES, "endpoints.yml": KAFKA.encode()}, name="Tea by Kafka")
    tea = f"/api/v1/assistants/{imported['assistant']['id']}/"
    settings.KAFKA_BROKER_ADDRESS = ""
    version = train(api_client, tea).json()
    assert "type: file" in endpoints_of(api_client, tea, version)
    settings.KAFKA_BROKER_ADDRESS = "127.0.0.1:9"
    assert "${KAFKA_OF_BOTS}" in endpoints_of(api_client, tea, version)
    # Nobody has let assistants see that variable, so this one must not begin to lose its events.
    watch_until_still()
    version = get(api_client, tea, version).json()
    assert version["status"] == "failed"
    assert "'KAFKA_OF_BOTS' is not set" in version["error"]["message"]


def endpoints_of(client: APIClient, tea: str, version: dict[str, Any]) -> str:
    with zipfile.ZipFile(io.BytesIO(get(client, tea, version, "input/").content)) as archive:
        return archive.read("endpoints.yml").decode()


def test_events_of_the_bot_become_a_conversation(
    api_client: APIClient, tea: str, service: Service
) -> None:
    """The whole way: train, talk over the bot's REST channel, ingest, read back."""
    version = train(api_client, tea).json()
    watch_until_still()
    deployment = Version.objects.get(pk=version["id"]).deployment
    answers = talk(service, deployment, "order a cup of tea")
    assert answers[0]["text"] == "Which tea?"
    call_command("ingest", "--once")
    url = f"/api/v1/conversations/?assistant={tea.split('/')[-2]}"
    [row] = api_client.get(url).json()["results"]
    assert (row["sender_id"], row["version_number"]) == ("guest", 1)
    assert row["flows"] == ["order_tea"]
    events = api_client.get(f"/api/v1/conversations/{row['id']}/events/?quiet=true").json()
    said = [event["text"] for event in events["results"] if event["event"] in {"user", "bot"}]
    assert said[-2:] == ["order a cup of tea", "Which tea?"]


def test_documents_of_the_project_are_searched(
    api_client: APIClient, import_project: Import, service: Service
) -> None:
    """Imported, trained with the assistant, quoted by the bot, and downloaded with the input."""
    flows = b"""\
flows:
  ask_for_hours:
    description: ask when the tea house is open
    steps:
    - link: pattern_search
  pattern_search:
    description: search
    steps:
    - action: action_trigger_search
"""
    files = {
        **FILES,
        "config.yml": b"language: en\npolicies:\n- name: EnterpriseSearchPolicy\n"
        b"  vector_store: {source: ./knowledge}\n",
        "data/flows.yml": flows,
        "knowledge/house/hours.md": b"# Hours\nThe tea house is open from nine to five.\n",
        "knowledge/latin.txt": "Öffnungszeiten".encode("latin-1"),
        "docs/other.md": b"Not this one: the tea house is open at night.\n",
    }
    assistant = import_project(files, name="Asked")["assistant"]
    tea = f"/api/v1/assistants/{assistant['id']}/"
    version = train(api_client, tea).json()
    assert version["warnings"][0]["message"].startswith("knowledge/latin.txt was left out")
    watch_until_still()
    deployment = Version.objects.get(pk=version["id"]).deployment
    answers = talk(service, deployment, "when is the tea house open?")
    assert answers[0]["text"] == "The tea house is open from nine to five.\n(house/hours.md: Hours)"
    with zipfile.ZipFile(io.BytesIO(get(api_client, tea, version, "input/").content)) as archive:
        assert "knowledge/house/hours.md" in archive.namelist()
        assert "docs/other.md" not in archive.namelist()


def talk(service: Service, deployment: str, text: str) -> list[dict[str, Any]]:
    """Straight to the bot's own port, which the service keeps in its store."""
    url = f"http://127.0.0.1:{record_of(service, deployment)['port']}/webhooks/rest/webhook"
    answer = httpx2.post(url, json={"sender": "guest", "message": text}, timeout=10)
    return list(answer.json())


def record_of(service: Service, deployment: str) -> dict[str, Any]:
    file = service.directory / "state" / "bots" / f"{deployment}.json"
    return dict(json.loads(file.read_text()))


def test_stop_activate_and_lost_bot(api_client: APIClient, tea: str, service: Service) -> None:
    version = train(api_client, tea).json()
    watch_until_still()
    url = f"{tea}versions/{version['id']}/"
    stopped = api_client.post(f"{url}stop/").json()
    assert (stopped["status"], stopped["chat_url"]) == ("inactive", None)
    assert stopped["error"]["message"] == "It was stopped by hand."
    woken = api_client.post(f"{url}activate/")
    assert (woken.status_code, woken.json()["status"]) == (200, "deploying")
    refused = api_client.delete(url)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    watch_until_still()
    ready = api_client.get(url).json()
    assert ready["chat_url"].endswith(f"{version['id']}-2/")
    service.http.delete(f"/bot/{version['id']}-2")
    watch_until_still()
    assert api_client.get(url).json()["status"] == "inactive"
    assert api_client.delete(url).status_code == 204


def test_bot_that_died_tells_how_and_one_that_was_stopped_does_not(
    api_client: APIClient, tea: str, service: Service
) -> None:
    version = train(api_client, tea).json()
    watch_until_still()
    url = f"{tea}versions/{version['id']}/"
    os.kill(record_of(service, f"{version['id']}-1")["process"]["pid"], signal.SIGKILL)
    wait_until(lambda: service.bot(f"{version['id']}-1")["status"] == "stopped")
    watch_until_still()
    ended = api_client.get(url).json()
    assert (ended["status"], "signal 9" in ended["error"]["message"]) == ("inactive", True)
    api_client.post(f"{url}activate/")
    watch_until_still()
    assert api_client.get(url).json()["error"] is None
    service.http.delete(f"/bot/{version['id']}-2")
    watch_until_still()
    asleep = api_client.get(url).json()
    assert (asleep["status"], asleep["error"]) == ("inactive", None)


def test_one_stopped_by_hand_says_so_though_the_watch_was_faster(
    api_client: APIClient, tea: str, service: Service
) -> None:
    version = Version.objects.get(pk=train(api_client, tea).json()["id"])
    watch_until_still()
    version.refresh_from_db()  # as a request holds it
    service.http.delete(f"/bot/{version.pk}-1")
    watch_until_still()
    version_stop(version=version)
    stopped = get(api_client, tea, {"id": version.pk}).json()
    assert stopped["error"]["message"] == "It was stopped by hand."


def test_training_stopped_while_its_bot_is_being_started_leaves_no_bot(
    api_client: APIClient, tea: str, service: Service
) -> None:
    version = Version.objects.get(pk=train(api_client, tea).json()["id"])
    wait_until(lambda: service.http.get(f"/training/{version.pk}").json()["status"] == "done")
    api_client.post(f"{tea}versions/{version.pk}/stop/")
    version_deploy(version)  # what a monitor does that looked before
    wait_until(lambda: service.bot(f"{version.pk}-1")["status"] == "stopped")
    assert get(api_client, tea, {"id": version.pk}).json()["status"] == "stopped"


def test_flows_with_errors_are_refused_or_left_out(
    api_client: APIClient, tea: str, service: Service
) -> None:
    flow = api_client.get(f"{tea}flows/order_tea/").json()
    body = {**flow["body"], "steps": [{"action": "utter_nothing"}]}
    api_client.put(f"{tea}flows/order_tea/", {"revision": 1, "body": body}, format="json")
    body = {"description": "sound", "steps": [{"action": "utter_done"}]}
    api_client.post(f"{tea}flows/", {"id": "sound", "body": body}, format="json")
    refused = train(api_client, tea, flows=["order_tea"])
    assert (refused.status_code, refused.json()["code"]) == (409, "flow_has_errors")
    assert refused.json()["problems"][0]["code"] == "response_missing"
    left_out = train(api_client, tea, flows=["order_again", "sound"])
    assert left_out.json()["problems"][0]["code"] == "link_target_left_out"
    unknown = train(api_client, tea, flows=["nope"])
    assert (unknown.status_code, unknown.json()["code"]) == (400, "invalid")
    assert not Version.objects.exists()
    version = train(api_client, tea).json()
    assert version["flows"] == ["sound"]
    message = "Left out because of errors: order_again, order_tea."
    assert version["warnings"] == [{"message": message, "flow": None}]


def test_a_system_flow_that_leads_to_a_left_out_flow_gives_way_to_the_default(
    api_client: APIClient, import_project: Import, service: Service
) -> None:
    imported = import_project(files_of(CASES / "flow-left-out-and-linked-by-pattern"))
    base = f"/api/v1/assistants/{imported['assistant']['id']}/"
    version = train(api_client, base).json()
    assert version["flows"] == ["send_money"]
    broken, chitchat = (warning["message"] for warning in version["warnings"][:2])
    assert broken == "Left out because of errors: broken."
    assert chitchat.startswith("pattern_chitchat was left out")
    assert "“broken”" in chitchat
    watch_until_still()
    version = get(api_client, base, version).json()
    assert version["status"] == "ready", version["error"]


def test_failed_training_says_why(api_client: APIClient, tea: str, service: Service) -> None:
    """What validation does not know of, the trainer tells."""
    config = "recipe: default.v1\nlanguage: en\nlanguage: de\nassistant_id: tea\n"
    Blob.objects.filter(pk__in=Item.objects.filter(kind="config").values("blob")).update(
        body=config
    )
    version = train(api_client, tea).json()
    watch_until_still()
    version = get(api_client, tea, version).json()
    assert version["status"] == "failed"
    assert version["error"]["message"]
    assert version["finished_at"]
    log = get(api_client, tea, version, "log/").content.decode().splitlines()
    assert version["error"]["message"] in log[version["error"]["log_line"] - 1]


def test_changes_since_the_newest_version(
    api_client: APIClient, tea: str, service: Service
) -> None:
    def changes() -> dict[str, tuple[str, int]]:
        rows = api_client.get(f"{tea}versions/changes/").json()
        return {row["flow"]: (row["change"], row["change_count"]) for row in rows}

    assert changes() == {"order_tea": ("new", 1), "order_again": ("new", 1)}
    train(api_client, tea)
    watch_until_still()
    flow = api_client.get(f"{tea}flows/order_tea/").json()
    body = {**flow["body"], "name": "tea, please"}
    api_client.put(f"{tea}flows/order_tea/", {"revision": 1, "body": body}, format="json")
    assert changes() == {"order_tea": ("changed", 1), "order_again": ("none", 0)}


def test_equal_content_is_trained_from_one_commit(
    api_client: APIClient, tea: str, service: Service
) -> None:
    for _ in range(2):
        train(api_client, tea)
        watch_until_still()
    assert Version.objects.count() == 2
    assert Version.objects.values("commit").distinct().count() == 1


def test_service_that_is_away_leaves_nothing_behind(
    api_client: APIClient, tea: str, settings: Any
) -> None:
    settings.MS_API_URL = "http://127.0.0.1:9"
    answer = train(api_client, tea)
    assert (answer.status_code, answer.json()["code"]) == (503, "model_service_unavailable")
    assert not Version.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_limit_is_passed_on(api_client: APIClient, tea: str, settings: Any, tmp_path: Path) -> None:
    from tests.modelservice.conftest import Realm

    realm = Realm()
    full = Service(tmp_path, realm, MAX_PARALLEL_TRAININGS="0", MAX_PARALLEL_BOT_RUNS="0")
    try:
        settings.MS_API_URL = full.url
        answer = train(api_client, tea)
    finally:
        full.stop()
        realm.server.shutdown()
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_trainings")
    assert not Version.objects.exists()


def test_roles(as_user: AsUser, tea: str, service: Service) -> None:
    viewer, builder = as_user("Business User"), as_user("Flow Builder")
    refused = train(viewer, tea)
    assert (refused.status_code, refused.json()["permission"]) == (403, "training.run")
    assert train(builder, tea).status_code == 201
    watch_until_still()
    version = viewer.get(f"{tea}versions/").json()["results"][0]
    assert get(viewer, tea, version, "model/").status_code == 403
    assert (
        viewer.patch(f"{tea}versions/{version['id']}/", {"name": "x"}, format="json").status_code
        == 403
    )
    named = builder.patch(f"{tea}versions/{version['id']}/", {"name": "x"}, format="json")
    assert named.json()["name"] == "x"
    assert viewer.get(f"{tea}versions/?named=true&search=x").json()["count"] == 1
    assert viewer.get(f"{tea}versions/?mine=true").json()["count"] == 0


URLS = "query U($input: ModelDownloadUrlsInput!) {modelDownloadUrls(input: $input) {%s}}"


def _download_by_name(client: APIClient, assistant: str, version: dict[str, Any]) -> None:
    """As CI does it: by the addresses that GraphQL tells, by number, and the newest."""
    asked = {"assistantId": assistant, "assistantVersionName": version["name"]}
    query = {"query": URLS % "modelFileUrl modelInputUrl", "variables": {"input": asked}}
    found = client.post("/api/graphql/", query, format="json").json()["data"]["modelDownloadUrls"]
    model, given = urlsplit(found["modelFileUrl"]), urlsplit(found["modelInputUrl"])
    assert model.path == f"/api/v1/download/model-file/{version['name']}"
    assert client.get(f"{given.path}?{given.query}").content[:2] == b"PK"
    for name in (version["name"], str(version["number"]), "latest"):
        answer: Any = client.get(f"/api/v1/download/model-file/{name}?{model.query}")
        assert b"".join(answer.streaming_content)[:2] == b"\x1f\x8b"
    for path in (f"nothing?{model.query}", "latest", "latest?assistant=x"):
        assert client.get(f"/api/v1/download/model-file/{path}").status_code == 404
