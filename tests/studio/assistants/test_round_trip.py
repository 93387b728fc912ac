"""Import and export over HTTP."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from rest_framework.test import APIClient

from modelservice.project.project_reader import read_files
from tests.project.example import FILES, zip_of
from tests.studio.conftest import Import


def exported(client: APIClient, base: str, query: str = "") -> dict[str, bytes]:
    answer = client.get(f"{base}export/{query}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="bank.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def items(files: Mapping[str, bytes]) -> dict[tuple[str, str], Any]:
    return {item.identity: item.body for item in read_files(files).items}


def test_untouched_project_comes_back_byte_for_byte(api_client: APIClient, base: str) -> None:
    assert exported(api_client, base) == FILES


def test_top_folder_is_stripped(import_project: Import, api_client: APIClient) -> None:
    files = {f"my-project/{path}": content for path, content in FILES.items()}
    assistant = import_project(files)["assistant"]
    assert exported(api_client, f"/api/v1/assistants/{assistant['id']}/") == FILES


def test_report_counts_and_names_what_is_kept(import_project: Import) -> None:
    files = {
        **FILES,
        "data/rules.yml": b"rules:\n- rule: hi\n  steps:\n  - intent: greet\n",
        "models/old.tar.gz": b"x",
    }
    report = import_project(files)["report"]
    assert (report["flows"], report["system_flows"], report["responses"]) == (2, 1, 4)
    assert (report["slots"], report["actions"], report["nlu"], report["prompts"]) == (3, 2, 2, 1)
    kept = {entry["path"]: entry["what"] for entry in report["kept"]}
    assert kept.keys() == {"actions/actions.py", "e2e_tests/transfer.yml"}
    unused = {entry["path"]: entry["reason"] for entry in report["unused"]}
    assert unused.keys() == {"data/rules.yml", "models/old.tar.gz"}
    assert "not use" in unused["data/rules.yml"]


def test_only_the_edited_file_is_rewritten(api_client: APIClient, base: str) -> None:
    flow = api_client.get(f"{base}flows/help/").json()
    body = {**flow["body"], "description": "tell what Küche means"}
    answer = api_client.put(
        f"{base}flows/help/", {"revision": flow["revision"], "body": body}, format="json"
    )
    assert answer.status_code == 200
    files = exported(api_client, base)
    changed = {path for path in FILES if files[path] != FILES[path]}
    assert changed == {"data/flows/help.yml"}
    assert "Küche" in files["data/flows/help.yml"].decode()
    assert items(files)["flow", "help"]["description"] == "tell what Küche means"


def test_undoing_an_edit_gives_the_original_bytes_back(api_client: APIClient, base: str) -> None:
    original = api_client.get(f"{base}slots/amount/").json()
    edited = {**original["body"], "initial_value": 5}
    url = f"{base}slots/amount/"
    api_client.put(url, {"revision": 1, "body": edited}, format="json")
    assert exported(api_client, base) != FILES
    api_client.put(url, {"revision": 2, "body": original["body"]}, format="json")
    assert exported(api_client, base) == FILES


def test_new_items_go_beside_their_like(api_client: APIClient, base: str) -> None:
    flow = {"description": "new", "steps": [{"action": "utter_new"}]}
    for noun, item_id, body in (
        ("responses", "utter_new", [{"text": "new"}]),
        ("slots", "fresh", {"type": "text"}),
        ("flows", "brand_new", flow),
    ):
        answer = api_client.post(f"{base}{noun}/", {"id": item_id, "body": body}, format="json")
        assert answer.status_code == 201, answer.json()
    files = exported(api_client, base)
    assert "utter_new" in files["domain/responses.yml"].decode()
    assert "fresh" in files["domain/slots.yml"].decode()
    assert "brand_new" in files["data/flows/brand_new.yml"].decode()


def test_export_can_be_limited_to_flows(api_client: APIClient, base: str) -> None:
    found = items(exported(api_client, base, "?flows=help"))
    flows = {key for kind, key in found if kind == "flow"}
    assert flows == {"help"}
    assert ("response", "utter_done") in found


def test_exported_zip_imports_to_the_same_items(
    api_client: APIClient, base: str, import_project: Import
) -> None:
    api_client.put(
        f"{base}responses/utter_help/",
        {"revision": 1, "body": [{"text": "yes: no # {amount}\n\nüß"}]},
        format="json",
    )
    first = exported(api_client, base)
    again = import_project(first, name="Bank again")["assistant"]
    answer = api_client.get(f"/api/v1/assistants/{again['id']}/export/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        second = {name: archive.read(name) for name in archive.namelist()}
    assert items(second) == items(first)
    assert zip_of(second) == zip_of(first)
