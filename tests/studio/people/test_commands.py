"""`manage.py users`: people of the embedded sign-in."""

import sys
from io import StringIO
from typing import Any

import pytest

from studio.accounts.models import User
from studio.audit.models import Action, Entry
from studio.identity.models import SignIn
from tests.commands import Ended, ended
from tests.conftest import AsUser
from tests.studio.people.test_users import signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"


def run(*words: str) -> Ended:
    return ended("users", *words)


def done(*words: str) -> Any:
    end = run(*words, "--json")
    assert end.code == 0, end
    return end.document


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in the input of each command."""
    monkeypatch.setattr(sys, "stdin", StringIO(f"{PASSWORD}\nanother good one\nshort\n"))


def test_from_the_first_day_to_the_last() -> None:
    created = run("create", "omar", "--role", "Developer", "--name", "Omar Haddad")
    assert created.output == "Created omar (Developer).\n"
    assert signed_in("omar", PASSWORD).status_code == 200
    assert (
        run("roles", "OMAR", "--role", "Business User").output == "omar has now: Business User.\n"
    )
    assert done("show", "omar")["roles"] == ["Business User"]
    [row] = done("list", "--search", "haddad")
    assert row["username"] == "omar"
    assert "Omar Haddad" in run("list").output
    assert run("password", "omar").output == "The password of omar is set.\n"
    assert not SignIn.objects.exists(), "who had the old password is signed out with it"
    assert signed_in("omar", "another good one").status_code == 200
    assert "too short" in run("password", "omar").refusal
    assert done("deactivate", "omar")["is_active"] is False
    assert signed_in("omar", "another good one").status_code != 200
    assert done("activate", "omar")["is_active"] is True
    assert signed_in("omar", "another good one").status_code == 200
    assert run("sign-out", "omar").code == 0
    assert not SignIn.objects.exists()


def test_what_is_refused(as_user: AsUser) -> None:
    as_user("SuperUser", username="root")
    as_user("Developer", username="dev")
    assert "already a user" in run("create", "Dev", "--role", "Developer").refusal
    assert run("show", "nobody").refusal == "There is no user called nobody."
    assert "is the only SuperUser" in run("deactivate", "root").refusal
    assert "is the only SuperUser" in run("roles", "root").refusal
    assert "there is no mail here" in run("invite", "dev").refusal
    for words in (
        ("list",),
        ("show", "root"),
        ("create", "eve", "--role", "SuperUser"),
        ("roles", "dev", "--role", "SuperUser"),
        ("password", "root"),
        ("deactivate", "root"),
        ("activate", "root"),
        ("sign-out", "root"),
    ):
        assert "needs one of the roles SuperUser" in run(*words, "--as", "dev").refusal
    assert User.objects.count() == 2
    assert run("create", "eve", "--role", "Nobody").code != 0


def test_who_did_it_is_on_record_and_listed(as_user: AsUser) -> None:
    as_user("SuperUser", username="root")
    as_user("Developer", username="dev")
    run("create", "omar", "--role", "Developer", "--as", "root")
    run("roles", "omar", "--role", "Annotator")
    assert Entry.objects.get(action=Action.USER_CREATED).actor == "root"

    def listed(*words: str) -> list[str]:
        end = ended("audit", "list", *words)
        assert end.code == 0, end
        return end.output.splitlines()

    newest, first = listed()
    assert "  user.roles  omar  " in newest
    assert "  root  user.created  omar  " in first
    assert listed("--user", "root") == listed("--action", "user.created") == [first]
    assert listed("--until", "2020-01-01") == []
    assert len(listed("--since", "2020-01-01", "--search", "omar")) == 2
    [entry] = ended("audit", "list", "--user", "root", "--json").document
    assert (entry["action"], entry["target"]) == ("user.created", "omar")
    assert Entry.objects.get(action=Action.AUDIT_EXPORTED).detail["filters"] == {"actor": "root"}
    assert "is no time" in ended("audit", "list", "--since", "yesterday").refusal
    assert "needs one of the roles SuperUser" in ended("audit", "list", "--as", "dev").refusal
