"""A custom action is run from its page by a real model service, without training."""

from typing import Any

from rest_framework.test import APIClient

from studio.accounts.roles import Role
from tests.conftest import AsUser
from tests.modelservice.assistants import LIBRARY, files_of
from tests.modelservice.conftest import Service
from tests.studio.conftest import Import


def base_of(import_project: Import, **files: bytes) -> str:
    imported = import_project({**files_of(LIBRARY), **files}, name="Library")
    return f"/api/v1/assistants/{imported['assistant']['id']}/"


def run(client: APIClient, base: str, action: str, **slots: Any) -> Any:
    body = {"action": action, "slots": slots}
    return client.post(f"{base}action-runs/", body, format="json")


def test_its_code_is_found_and_run_with_chosen_slots(
    api_client: APIClient, import_project: Import, service: Service
) -> None:
    base = base_of(import_project)
    code = api_client.get(f"{base}actions/action_find_book/code/").json()["code"]
    assert code["path"] == "actions/loans.py"
    assert "book_title" in code["reads"]
    answer = run(api_client, base, "action_find_book", book_title="Emma")
    assert answer.status_code == 200, answer.content
    done = answer.json()
    assert done["problem"] is None, done
    assert [one["slot"] for one in done["slots"]] == code["sets"]
    failed = run(api_client, base, "action_renew_loan").json()
    assert "KeyError: 'due'" in failed["problem"]
    assert (failed["path"], failed["line"]) == ("actions/loans.py", 66)
    assert "Traceback" in failed["output"]


def test_who_may_not_write_code_may_not_run_it(as_user: AsUser, import_project: Import) -> None:
    base = base_of(import_project)
    refused = run(as_user(Role.FLOW_BUILDER), base, "action_renew_loan")
    assert (refused.status_code, refused.json()["permission"]) == (403, "settings.edit")


def test_what_is_not_there_is_said(
    api_client: APIClient, import_project: Import, service: Service
) -> None:
    base = base_of(import_project)
    assert run(api_client, base, "action_gone").status_code == 404
    assert api_client.get(f"{base}actions/action_gone/code/").status_code == 404
    wrong = run(api_client, base, "action_renew_loan", gone=1).json()
    assert wrong["problem"] == "'gone' is not a slot of this assistant"
