"""Upload, download, push and pull by the Rasa CLI, of each of its generations."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.content.models import Branch, Commit
from tests.cli.client import VERSIONS, CliClient, LocalProject, Refused
from tests.conftest import access_token_of
from tests.studio.graphql.conftest import CliOf, posting

pytestmark = pytest.mark.django_db


def changed(project: LocalProject, change: Callable[[LocalProject], Any]) -> LocalProject:
    other = copy.deepcopy(project)
    change(other)
    return other


def edit(designer: APIClient, url: str, change: Callable[[Any], Any]) -> None:
    """What a designer does in the browser."""
    stored = designer.get(url).json()
    change(stored["body"])
    body = {"body": stored["body"], "revision": stored["revision"]}
    assert designer.put(url, body, format="json").status_code == 200


def seen(cli: CliClient, name: str) -> LocalProject:
    """What is stored, as somebody else fetches it: a pull of the sender's own would count."""
    user = User.objects.create(username=f"viewer-{User.objects.count()}", roles=["Business User"])
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {access_token_of(user)}")
    return CliClient(posting(client), cli.version).export(name)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_goes_in_comes_out(cli_of: CliOf, project: LocalProject, version: str) -> None:
    cli = cli_of("Developer", version=version)
    assert cli.is_signed_in()
    if version != "3.11":
        assert cli.id_of("bank") is None
    cli.upload("bank", project)
    found = cli.export("bank")
    assert found.flows == project.flows
    assert found.domain == project.domain
    assert found.nlu == project.nlu
    assert found.prompts == ({} if version == "3.11" else project.prompts)
    assert isinstance(cli.id_of("bank"), str)

    pushed = changed(project, lambda one: one.flows["pay"]["steps"].pop(1))
    cli.push("bank", pushed)
    found = cli.export("bank")
    assert found.flows == pushed.flows
    # A push sends both files as they are written.
    assert (found.config, found.endpoints) == (project.config, project.endpoints)


def test_a_push_of_what_is_there_changes_nothing(cli_of: CliOf, project: LocalProject) -> None:
    cli = cli_of("Developer")
    cli.upload("bank", project)
    cli.push("bank", project)
    numbers = Commit.objects.count()
    cli.push("bank", project)
    cli.push("bank", cli.export("bank"))
    assert Commit.objects.count() == numbers


def test_one_file_leaves_the_rest_alone(cli_of: CliOf, project: LocalProject) -> None:
    cli = cli_of("Developer")
    cli.upload("bank", project)
    with_other = changed(project, lambda one: one.flows.clear())
    with_other.endpoints = "nlg:\n  type: rephrase\n"
    cli.push("bank", with_other, only="endpoints")
    found = cli.export("bank")
    assert found.endpoints == with_other.endpoints
    assert found.flows == project.flows


def test_others_changes_and_a_push_come_together(
    cli_of: CliOf, as_user: Callable[..., APIClient], project: LocalProject
) -> None:
    cli = cli_of("Developer", username="ana")
    cli.upload("bank", project)
    designer = as_user("Flow Builder", username="ben")
    url = f"/api/v1/assistants/{cli.id_of('bank')}/flows/pay/"
    edit(designer, url, lambda body: body["steps"][0].update(description="the amount in euro"))

    mine = changed(project, lambda one: one.flows["pay"]["steps"][2].update(action="utter_help"))
    mine.domain["responses"]["utter_help"] = [{"text": "I pay and more."}]
    cli.push("bank", mine)
    found = cli.export("bank").flows["pay"]["steps"]
    assert found[0]["description"] == "the amount in euro"
    assert found[2]["action"] == "utter_help"


def test_a_second_push_does_not_take_back_what_its_sender_has_not_seen(
    cli_of: CliOf, as_user: Callable[..., APIClient], project: LocalProject
) -> None:
    cli = cli_of("Developer", username="ana")
    cli.upload("bank", project)
    designer = as_user("Flow Builder", username="ben")
    url = f"/api/v1/assistants/{cli.id_of('bank')}/responses/utter_done/"
    edit(designer, url, lambda body: body[0].update(text="All done."))

    for text in ("I pay and more.", "I pay and much more."):
        project.domain["responses"]["utter_help"] = [{"text": text}]
        cli.push("bank", project)
        found = seen(cli, "bank").domain["responses"]
        assert found["utter_done"] == [{"text": "All done."}]
        assert found["utter_help"] == [{"text": text}]


def test_the_same_field_is_refused_with_words_and_kept_on_a_branch(
    cli_of: CliOf, as_user: Callable[..., APIClient], project: LocalProject
) -> None:
    cli = cli_of("Developer", username="ana")
    cli.upload("bank", project)
    designer = as_user("Flow Builder", username="ben")
    url = f"/api/v1/assistants/{cli.id_of('bank')}/flows/pay/"
    edit(designer, url, lambda body: body["steps"][1].update(description="the full name"))

    project.flows["pay"]["steps"][1]["description"] = "first name"
    project.flows["help"]["description"] = "tell what is possible"
    with pytest.raises(Refused) as refusal:
        cli.push("bank", project)
    said = str(refusal.value)
    assert "Nothing was pushed." in said
    assert "flow *pay*, step *ask_name*: the description was added by Ben at" in said
    assert f"/assistants/{cli.id_of('bank')}/branches/push-of-ana/merge" in said
    found = seen(cli, "bank").flows
    assert found["help"]["description"] == "say what is possible"
    kept = Branch.objects.get(name="push-of-ana")
    assert kept.head > kept.start
    there = seen(cli, "bank@push-of-ana").flows
    assert there["pay"]["steps"][1]["description"] == "first name"
    assert there["help"]["description"] == "tell what is possible"
