"""`manage.py check`: what is found, with its place, and how the command ends."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.assistants.models import Assistant
from tests.commands import ended
from tests.conftest import AsUser
from tests.project.example import FILES, zip_of
from tests.studio.content.test_branches import change, draft

__all__ = ["draft"]

FLOWS = b"""\
flows:
  lost:
    description: lead somewhere that is not there
    steps:
    - action: utter_hello
    - link: nowhere
"""
DOMAIN = b"responses:\n  utter_hello: [{text: Hello}]\n  utter_other: [{text: Other}]\n"
BROKEN = {"config.yml": b"recipe: default.v1\n", "domain.yml": DOMAIN, "data/flows.yml": FLOWS}


def lay_out(folder: Path, files: dict[str, bytes]) -> Path:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


@pytest.mark.django_db
def test_a_folder_and_a_zip_are_checked_and_nothing_is_stored(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "bank", BROKEN)
    made = {"models/old.yml": b": [", ".git/config": b"x", ".venv/a.yml": b": ["}
    lay_out(folder, made)
    archive = tmp_path / "bank.zip"
    archive.write_bytes(zip_of(BROKEN))
    for path in (folder, archive):
        end = ended("check", "--file", str(path))
        assert (end.code, end.refusal) == (1, "Errors: 1, warnings: 0."), end
        assert end.output.startswith("data/flows.yml:6: error: flow lost step ")
    end = ended("check", "--file", str(folder), "--json")
    [problem] = end.document["problems"]
    assert (problem["file"], problem["line"], problem["id"]) == ("data/flows.yml", 6, "lost")
    assert (end.document["errors"], end.code) == (1, 1)
    assert Assistant.objects.count() == 0


@pytest.mark.django_db
def test_a_project_that_cannot_be_read_says_where(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, {**BROKEN, "data/flows.yml": b"flows:\n  a: [\n"})
    end = ended("check", "--file", str(folder))
    assert end.code == 1
    assert end.output.startswith("data/flows.yml:"), end.output
    assert ": error: " in end.output


@pytest.mark.django_db
def test_a_call_that_is_wrong_ends_with_another_code(tmp_path: Path, as_user: AsUser) -> None:
    as_user("Annotator", username="ann")
    for words, said in (
        (("--file", str(tmp_path / "none.zip")), "No such file"),
        (("Bank", "--file", "."), "not both"),
        (("Bank",), "There is no assistant “Bank”"),
        (("Bank", "--as", "nobody"), "Nobody here is called"),
        (("Bank", "--as", "ann"), "needs one of the roles"),
    ):
        end = ended("check", *words)
        assert end.code == 2, end
        assert said in end.refusal


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "bank", BROKEN)
    secret = tmp_path / "secret.yml"
    secret.write_text(": [")
    (folder / "data" / "secret.yml").symlink_to(secret)
    assert "secret" not in ended("check", "--file", str(folder)).output


def test_without_a_name_it_checks_the_installation() -> None:
    assert "System check identified no issues" in ended("check").output


def test_an_assistant_is_checked_as_its_pages_show_it(
    api_client: APIClient, base: str, assistant: dict[str, Any], as_user: AsUser
) -> None:
    as_user("Business User", username="bea")
    name = assistant["name"]
    found = api_client.get(f"{base}validation/").json()
    end = ended("check", name, "--as", "bea", "--json")
    assert (end.code, end.document["errors"]) == (0, found["errors"])
    assert len(end.document["problems"]) == len(found["problems"])
    strict = ended("check", name, "--strict")
    assert strict.code == (1 if found["warnings"] else 0)
    ended("assistants", "branch", name, "work")
    steps = [{"id": "one", "action": "utter_missing", "next": "END"}]
    change(api_client, f"{base}flows/help/", "?branch=work", steps=steps)
    assert ended("check", name).code == 0
    end = ended("check", name, "--branch", "work", "--json")
    assert end.code == 1
    [problem] = [each for each in end.document["problems"] if each["severity"] == "error"]
    assert (problem["id"], problem["step"]) == ("help", "one")
    assert problem["file"] in FILES
    assert problem["line"] > 1
    assert ended("check", name, "--branch", "gone").code == 2
