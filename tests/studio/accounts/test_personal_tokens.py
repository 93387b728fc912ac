"""Personal access tokens, as programs, their people and administrators meet them."""

import json
import logging
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from rest_framework.test import APIClient

from modelservice.common.log_format import LineFormatter
from studio.accounts.models import PersonalAccessToken, User
from studio.accounts.roles import PERMISSIONS, Role
from studio.accounts.scopes import PERMISSIONS_OF_SCOPES, Scope
from studio.accounts.tokens import user_of_claims
from studio.assistants.models import Assistant, Member
from studio.audit.models import Entry
from tests.conftest import AsUser, access_token_of, with_personal_token

pytestmark = pytest.mark.django_db
URL = "/api/v1/me/tokens/"
ALL = "/api/v1/tokens/"
ME = "/api/v1/me/"
OPERATION = {"query": '{ rawConversations(input: {assistantName: "Bank"}) { __typename } }'}


def make(client: APIClient, **changes: Any) -> Any:
    return client.post(URL, {"name": "CI", "scopes": ["read"], **changes}, "json")


def test_it_is_shown_once_and_kept_as_a_digest(as_user: AsUser) -> None:
    client = as_user(Role.DEVELOPER)
    answer = make(client, scopes=["training", "content"])
    body = answer.json()
    token = body.pop("token")
    assert re.fullmatch("studio_pat_[0-9a-f]{64}", token)
    assert answer["Cache-Control"] == "no-store"
    assert body["scopes"] == ["content", "training"]
    assert body["last_used_at"] is None
    assert client.get(URL).json()["results"] == [body]
    secret = token.removeprefix("studio_pat_")
    stored = json.dumps(list(PersonalAccessToken.objects.values()), default=str)
    recorded = json.dumps(list(Entry.objects.values()), default=str)
    assert secret not in stored + recorded
    assert secret not in client.get(URL).content.decode()


def test_it_may_do_what_its_scopes_and_the_roles_of_its_person_both_allow(as_user: AsUser) -> None:
    for role, held in PERMISSIONS.items():
        owner = as_user(role, username=f"a {role}")
        for scope, allowed in PERMISSIONS_OF_SCOPES.items():
            me = with_personal_token(owner, scope).get(ME).json()
            assert me["permissions"] == sorted(held & allowed), (role, scope)
            assert me["id"] == str(owner.user.pk)  # type: ignore[attr-defined]  # fixture
    for role, held in PERMISSIONS.items():
        client = APIClient(
            HTTP_AUTHORIZATION=f"Bearer {access_token_of(User.objects.get(username=f'a {role}'))}"
        )
        both = with_personal_token(client, Scope.READ, Scope.CONVERSATIONS).get(ME).json()
        wanted = PERMISSIONS_OF_SCOPES[Scope.READ] | PERMISSIONS_OF_SCOPES[Scope.CONVERSATIONS]
        assert both["permissions"] == sorted(held & wanted)


def test_a_lost_role_and_a_closed_account_hold_for_it_at_once(as_user: AsUser) -> None:
    owner = as_user(Role.DEVELOPER)
    program = with_personal_token(owner, "content")
    assert program.post("/api/v1/assistants/", {"name": "A"}, "json").status_code == 201
    User.objects.update(roles=[Role.BUSINESS_USER])
    refused = program.post("/api/v1/assistants/", {"name": "B"}, "json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert "roles" in refused.json()["detail"]
    User.objects.update(is_active=False)
    assert program.get(ME).status_code == 401


def test_what_it_is_not_for_names_the_scope(api_client: APIClient) -> None:
    refused = with_personal_token(api_client, "read").post(
        "/api/v1/assistants/", {"name": "A"}, "json"
    )
    assert refused.status_code == 403
    assert refused.json()["scopes"] == ["content"]
    assert "scope content" in refused.json()["detail"]


def test_super_users_and_members_are_narrowed_in_assistants_and_lists(
    api_client: APIClient, as_user: AsUser, base: str
) -> None:
    """The two short cuts past the table of roles: super users, and roles in one assistant."""
    assistant = Assistant.objects.get()
    guest = as_user()
    Assistant.objects.update(members_only=True)
    Member.objects.create(assistant=assistant, user=guest.user, role=Role.DEVELOPER)  # type: ignore[attr-defined]  # fixture
    for owner in (api_client, guest):
        reader = with_personal_token(owner, "read")
        assert reader.get(base).status_code == 200
        assert reader.get(base).json()["permissions"] == ["assistant.view"]
        assert reader.patch(base, {"name": "B"}, "json").status_code == 403
        assert reader.delete(base).status_code == 403
        assert reader.get("/api/v1/conversations/").status_code == 403
        models = with_personal_token(owner, "conversations")
        assert models.get(base).status_code == 403
        assert models.get("/api/v1/assistants/").json().get("results", []) == []


def test_it_ends(as_user: AsUser) -> None:
    owner = as_user(Role.DEVELOPER)
    program = with_personal_token(owner, "read", expires_in_days=2)
    with time_machine.travel(timezone.now() + timedelta(days=1, hours=23), tick=False):
        assert program.get(ME).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1), tick=False):
        over = program.get(ME)
        assert (over.status_code, over["WWW-Authenticate"]) == (401, "Bearer")
        assert "has expired" in over.json()["detail"]


def test_the_setting_bounds_its_life(as_user: AsUser, settings: Any) -> None:
    owner = as_user(Role.DEVELOPER)
    begin = timezone.now()
    end = make(owner).json()["expires_at"]
    assert end[:10] == f"{begin + timedelta(days=90):%Y-%m-%d}"
    for days in (366, None):
        refused = make(owner, name="long", expires_in_days=days)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
        assert refused.json()["errors"][0]["field"] == "expires_in_days"
    options = owner.get(f"{URL}options/").json()
    assert options == {"scopes": list(Scope), "default_days": 90, "max_days": 365}
    settings.PERSONAL_TOKEN_MAX_DAYS = 30
    short = make(owner, name="short").json()["expires_at"]
    assert short[:10] == f"{begin + timedelta(days=30):%Y-%m-%d}"
    settings.PERSONAL_TOKEN_MAX_DAYS = 0
    assert owner.get(f"{URL}options/").json()["max_days"] is None
    assert make(owner, name="endless", expires_in_days=None).json()["expires_at"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes[0]"),
        ({"scopes": "read"}, "scopes"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 10**9}, "expires_in_days"),
    ],
)
def test_bad_wishes_are_refused(as_user: AsUser, changes: dict[str, Any], field: str) -> None:
    refused = make(as_user(Role.DEVELOPER), **changes)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"].startswith(field.split("[", maxsplit=1)[0])
    assert not PersonalAccessToken.objects.exists()


def test_names_and_numbers_are_bounded(as_user: AsUser, settings: Any) -> None:
    settings.PERSONAL_TOKENS_PER_PERSON = 2
    owner = as_user(Role.DEVELOPER)
    assert make(owner).status_code == 201
    assert (make(owner).status_code, make(owner).json()["code"]) == (409, "name_taken")
    assert make(owner, name="two").status_code == 201
    assert make(owner, name="three").json()["code"] == "too_many_tokens"
    assert make(as_user(Role.DEVELOPER)).status_code == 201, "of another person"


def test_revoked_is_refused_at_once_and_on_record(as_user: AsUser) -> None:
    owner, other = as_user(Role.DEVELOPER, username="ana"), as_user(Role.DEVELOPER)
    program = with_personal_token(owner, "read")
    one = f"{URL}{program.token_id}/"  # type: ignore[attr-defined]  # see the helper
    assert program.get(ME).status_code == 200
    assert other.delete(one).status_code == 404
    assert owner.delete(one).status_code == 204
    assert owner.delete(one).status_code == 404
    assert program.get(ME).status_code == 401
    made, revoked = Entry.objects.filter(action__startswith="token.").order_by("id")
    assert (made.action, made.actor, made.target) == ("token.made", "ana", "for read")
    assert made.detail["scopes"] == ["read"]
    assert (revoked.action, revoked.detail) == ("token.revoked", {"owner": "ana"})


def test_administrators_see_and_revoke_those_of_all(api_client: APIClient, as_user: AsUser) -> None:
    ana, omar = as_user(Role.DEVELOPER, username="ana"), as_user(Role.DEVELOPER, username="omar")
    program = with_personal_token(ana, "read")
    with_personal_token(omar, "read")
    listed = api_client.get(ALL).json()["results"]
    assert {row["user"]["name"] for row in listed} == {"Ana", "Omar"}
    assert all("token" not in row for row in listed)
    [row] = api_client.get(ALL, {"username": "ANA"}).json()["results"]
    assert api_client.get(ALL, {"username": "nobody"}).json()["results"] == []
    assert omar.get(ALL).status_code == 403
    assert omar.delete(f"{ALL}{row['id']}/").status_code == 403
    assert api_client.delete(f"{ALL}{row['id']}/").status_code == 204
    assert program.get(ME).status_code == 401
    entry = Entry.objects.get(action="token.revoked")
    assert (entry.actor, entry.detail["owner"]) == ("super", "ana")


def test_the_last_use_is_noted_once_a_minute(
    as_user: AsUser, django_assert_num_queries: Any
) -> None:
    owner = as_user(Role.DEVELOPER)
    program = with_personal_token(owner, "read")
    begin = timezone.now()
    with time_machine.travel(begin, tick=False), django_assert_num_queries(2):
        program.get(ME)
    with time_machine.travel(begin + timedelta(seconds=59), tick=False):
        with django_assert_num_queries(1):
            program.get(ME)
        assert PersonalAccessToken.objects.get().last_used_at == begin
    with time_machine.travel(begin + timedelta(seconds=61), tick=False):
        program.get(ME)
        assert PersonalAccessToken.objects.get().last_used_at == begin + timedelta(seconds=61)


@pytest.mark.parametrize(
    "token",
    ["studio_pat_", "studio_pat_" + "0" * 64, "STUDIO_PAT_" + "0" * 64, "studio_pat_\udcff"],
)
def test_what_was_never_made_is_401(token: str) -> None:
    header = f"Bearer {token}".encode("utf-8", "surrogateescape").decode("latin-1")
    answer = APIClient(HTTP_AUTHORIZATION=header).get(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_graphql_takes_it(api_client: APIClient, base: str) -> None:
    program = with_personal_token(api_client, "conversations.read")
    ok = program.post("/api/graphql/", OPERATION, "json").json()
    other = with_personal_token(api_client, "read").post("/api/graphql/", OPERATION, "json").json()
    assert "errors" not in ok or "scope" not in str(ok["errors"]), ok
    assert "conversations.read" in other["errors"][0]["message"]


def test_commits_of_it_come_from_a_program_and_the_record_names_it(
    api_client: APIClient, base: str
) -> None:
    program = with_personal_token(api_client, "content")
    body = {"description": "x", "steps": [{"action": "utter_help"}]}
    assert program.post(f"{base}flows/", {"id": "a", "body": body}, "json").status_code == 201
    newest = program.get(f"{base}commits/").json()["results"][0]
    assert (newest["door"], newest["author"]["name"]) == ("rest", "Super")
    program.post("/api/v1/assistants/", {"name": "B"}, "json")
    assert Entry.objects.latest("id").detail["personal_token"] == "for content"


def test_the_identity_server_knows_nothing_of_it(api_client: APIClient) -> None:
    program = with_personal_token(api_client, "administration")
    answer = program.get("/auth/realms/rasa-studio/protocol/openid-connect/userinfo")
    assert answer.status_code == 401


def test_logs_do_not_show_it(api_client: APIClient) -> None:
    token = with_personal_token(api_client, "read").token  # type: ignore[attr-defined]  # see the helper
    for text in (token, f"Bearer {token}", f"'{token}'", json.dumps({"token": token})):
        for as_json in (True, False):
            record = logging.LogRecord("x", logging.INFO, "", 0, "got %s", (text,), None)
            assert token[11:] not in LineFormatter(json=as_json).format(record)


def test_with_keycloak_its_person_must_have_signed_in_lately(
    as_user: AsUser, settings: Any
) -> None:
    """Where Keycloak cannot be asked; where it can, see `tests/services/test_keycloak.py`."""
    owner = as_user(Role.DEVELOPER)
    program = with_personal_token(owner, "read")
    settings.STUDIO_IDENTITY = "keycloak"
    assert settings.KEYCLOAK_API_PASSWORD == ""
    never = program.get(ME)
    assert never.status_code == 401
    assert "has not signed in" in never.json()["detail"]
    claims = {"preferred_username": "ana", "groups": ["Developer"]}
    user_of_claims({"sub": str(User.objects.get().pk), **claims})  # they have signed in
    assert User.objects.get().confirmed_at is not None
    assert program.get(ME).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        assert program.get(ME).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert program.get(ME).status_code == 401


def test_service_accounts_have_none() -> None:
    user = User.objects.create(username="service", is_service=True)
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {access_token_of(user)}")
    assert (make(client).status_code, make(client).json()["code"]) == (409, "no_personal_tokens")


def command(*words: str) -> str:
    out = StringIO()
    call_command("tokens", *words, stdout=out)
    return out.getvalue().strip()


def test_commands_make_list_and_revoke(as_user: AsUser) -> None:
    as_user(Role.DEVELOPER, username="robot")
    as_user(Role.DEVELOPER, username="omar")
    token = command("make", "robot", "nightly", "--scope", "read", "--scope", "models")
    program = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert program.get(ME).json()["permissions"] == ["assistant.view", "model.download"]
    [row] = json.loads(command("list", "--user", "robot", "--json"))
    assert (row["name"], row["scopes"]) == ("nightly", ["read", "models"])
    assert "nightly" in command("list")
    assert token not in command("list") + json.dumps(row)
    for words in (["revoke", row["id"]], ["list"], ["make", "robot", "x", "--scope", "read"]):
        with pytest.raises(CommandError):
            command(*words, "--as", "omar")
    assert command("list", "--user", "robot", "--as", "robot")
    assert "is revoked" in command("revoke", row["id"], "--as", "robot")
    assert program.get(ME).status_code == 401
    for words in (["revoke", row["id"]], ["revoke", "x"], ["list", "--user", "nobody"]):
        with pytest.raises(CommandError):
            command(*words)
    with pytest.raises(CommandError, match="365 days"):
        command("make", "robot", "long", "--scope", "read", "--no-end")


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_forward_and_back(as_user: AsUser) -> None:
    as_user(Role.DEVELOPER, username="ana")
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("accounts")
    try:
        MigrationExecutor(connection).migrate([("accounts", "0001_initial")])
        assert "accounts_personalaccesstoken" not in connection.introspection.table_names()
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert User.objects.get(username="ana").confirmed_at is None
    assert not PersonalAccessToken.objects.exists()
