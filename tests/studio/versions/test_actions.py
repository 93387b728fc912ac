"""A project with actions of its own, from import over training to the talk and its log."""

from typing import Any

from rest_framework.test import APIClient

from studio.accounts.roles import Role
from studio.versions.models import Version
from tests.conftest import AsUser
from tests.modelservice.assistants import LIBRARY, Assistant, files_of
from tests.modelservice.conftest import Service, wait_until
from tests.studio.conftest import Import
from tests.studio.versions.conftest import watch_until_still


def trained(client: APIClient, library: str) -> dict[str, Any]:
    version: dict[str, Any] = client.post(f"{library}versions/", {}, format="json").json()
    assert not [each for each in version["warnings"] if "action" in each["message"]]
    watch_until_still()
    return version


def test_actions_run_with_the_files_of_the_project_and_their_log_is_read(
    api_client: APIClient, import_project: Import, service: Service, as_user: AsUser
) -> None:
    imported = import_project(files_of(LIBRARY), name="Library")
    library = f"/api/v1/assistants/{imported['assistant']['id']}/"
    version = trained(api_client, library)
    assistant = Assistant(service, Version.objects.get(pk=version["id"]).deployment)
    assistant.say("I want to borrow a book")
    found = assistant.say("/SetSlots(book_title=Emma)")
    assert found == ["There are 2 copies of it.", "What is your member number?"]
    assistant.say("renew my loan", "ben")
    url = f"{library}versions/{version['id']}/running-log/"

    def log() -> bool:
        return "[actions] KeyError: 'due'" in api_client.get(url).content.decode()

    wait_until(log)
    assert sorted(path.name for path in (assistant.directory / "files").iterdir()) == [
        "actions",
        "db",
    ]
    refused = as_user(Role.CONVERSATION_VIEWER).get(url)
    assert (refused.status_code, refused.json()["permission"]) == (403, "assistant.try")
    assert as_user(Role.BUSINESS_USER).get(url).status_code == 200
    run = api_client.post(f"{library}versions/{version['id']}/tests/", {}, format="json").json()

    def ended() -> Any:
        state = api_client.get(f"{library}versions/{version['id']}/tests/{run['id']}/").json()
        return state if state["status"] != "running" else None

    state = wait_until(ended)
    assert (state["result"]["passed"], state["result"]["failed"]) == (2, 0), state
