"""The realm, its tokens and their check, by a real Keycloak and a real backend over PostgreSQL."""

import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
import time_machine

from deploy.services.catalogue import the, throwaway, variables_of
from deploy.services.keycloak import Keycloak
from studio.accounts.realm import InvalidToken, Realm
from studio.accounts.roles import PERMISSIONS, ClientRole, Role
from studio.keycloak.admin import KeycloakRefused
from tests.services.studio_system import StudioSystem


def test_set_up_says_what_it_changed_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    studio = StudioSystem(tmp_path)
    first = studio.manage("keycloak_setup")
    assert f"Realm {studio.realm}: created." in first
    assert "Group Conversation Viewer: created." in first
    assert "Realm setting loginTheme: studio." in first
    assert "backend-of-studio" not in first, "a secret is never told"
    assert studio.manage("keycloak_setup") == "Everything is as it should be.\n"


def test_set_up_keeps_what_an_administrator_did(tmp_path: Path) -> None:
    studio = StudioSystem(tmp_path)
    studio.manage("keycloak_setup")
    realm = f"/{studio.realm}"
    with studio.admin() as admin:
        [client] = admin.get(f"{realm}/clients", clientId="rasa-studio-backend")
        client["redirectUris"].append("https://other.example/*")
        client["name"] = "Our own name"
        client["attributes"]["post.logout.redirect.uris"] = "https://other.example/"
        admin.put(f"{realm}/clients/{client['id']}", client)
        admin.put(realm, {"bruteForceProtected": False, "accessTokenLifespan": 120})
        admin.post(f"{realm}/groups", {"name": "Friends"})
        [scope] = [s for s in admin.get(f"{realm}/client-scopes") if s["name"] == "studio"]
        models = f"{realm}/client-scopes/{scope['id']}/protocol-mappers/models"
        [groups] = [m for m in scope["protocolMappers"] if m["name"] == "groups"]
        admin.delete(f"{models}/{groups['id']}")
        [gone] = admin.get(f"{realm}/groups", search="NLU Editor")
        admin.delete(f"{realm}/groups/{gone['id']}")
    told = studio.manage("keycloak_setup").splitlines()
    assert told == [
        "Group NLU Editor: created.",
        "Mapper groups: created.",
        "Client rasa-studio-backend: attributes put right.",
        "3 changes.",
    ]
    with studio.admin() as admin:
        [after] = admin.get(f"{realm}/clients", clientId="rasa-studio-backend")
        assert "https://other.example/*" in after["redirectUris"]
        assert after["name"] == "Our own name"
        assert after["attributes"]["post.logout.redirect.uris"] == (
            f"https://other.example/##{studio.url}/"
        )
        now = admin.get(realm)
        assert (now["bruteForceProtected"], now["accessTokenLifespan"]) == (False, 120)
        assert "Friends" in {group["name"] for group in admin.get(f"{realm}/groups")}


def test_set_up_of_a_realm_that_was_there_keeps_its_policies(tmp_path: Path) -> None:
    studio = StudioSystem(tmp_path)
    with studio.admin() as admin:
        admin.post("", {"realm": studio.realm, "enabled": True, "passwordPolicy": "length(20)"})
    refused = studio.run("keycloak_setup")
    assert refused.returncode == 1
    assert refused.stderr == (
        "CommandError: Keycloak refuses KEYCLOAK_DEFAULT_USER_PASSWORD (Invalid password: "
        "minimum length 20). Choose another one, or no default users.\n"
    )
    done = studio.run("keycloak_setup", KEYCLOAK_DEFAULT_USER_CREATION="false")
    told = done.stdout
    assert "Realm setting passwordPolicy: length(20) is kept." in told
    assert "Realm setting failureFactor: 5." in told


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"KEYCLOAK_URL": "http://127.0.0.1:1/auth"},
            "CommandError: Keycloak does not answer at http://127.0.0.1:1/auth (ConnectError).\n",
        ),
        (
            {"KEYCLOAK_ADMIN_PASSWORD": "wrong"},
            "CommandError: Keycloak refuses to sign in: Invalid user credentials.\n",
        ),
    ],
)
def test_set_up_fails_with_one_sentence(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    done = StudioSystem(tmp_path).run("keycloak_setup", **variables)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


@pytest.mark.parametrize("role", list(Role))
def test_the_command_line_signs_people_in_with_the_rights_of_their_groups(
    studio: StudioSystem, role: Role
) -> None:
    username = role.lower().replace(" ", "")
    signed_in = studio.sign_in(username)
    me = studio.rest(signed_in["access_token"], "me/").json()
    assert (me["username"], me["roles"]) == (username, [role])
    assert me["permissions"] == sorted(PERMISSIONS[role])
    renewed = studio.grant("refresh_token", refresh_token=signed_in["refresh_token"]).json()
    assert studio.rest(renewed["access_token"], "me/").json() == me
    seen = studio.rest(renewed["access_token"], "assistants/").status_code
    assert seen == (200 if "assistant.view" in PERMISSIONS[role] else 403)


def test_programs_have_the_rights_of_their_client_roles(studio: StudioSystem) -> None:
    token = studio.program_token()
    me = studio.rest(token, "me/").json()
    assert me["roles"] == sorted(ClientRole)
    assert studio.rest(token, "conversations/").status_code == 200
    refused = studio.rest(token, "assistants/")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    with studio.admin() as admin:
        [client] = admin.get(f"/{studio.realm}/clients", clientId="studio-external")
    assert client["secret"] not in studio.manage("keycloak_setup")


def test_the_browser_is_told_of_keycloak_and_may_ask_it(studio: StudioSystem) -> None:
    page = httpx2.get(f"{studio.url}/config.js")
    assert f"window.KEYCLOAK_URL = '{studio.keycloak_url}';" in page.text
    origin = studio.keycloak_url.removesuffix("/auth")
    policy = page.headers["Content-Security-Policy"].split("; ")
    admitting = sorted(directive.split()[0] for directive in policy if origin in directive)
    assert admitting == ["connect-src", "frame-src"]


def test_wrong_passwords_lock_an_account_for_a_while(studio: StudioSystem) -> None:
    assert studio.grant("password", username="annotator", password="rasa").status_code == 200
    for _ in range(6):
        wrong = studio.grant("password", username="annotator", password="wrong")
        assert wrong.json()["error"] == "invalid_grant"
    right = studio.grant("password", username="annotator", password="rasa")
    assert (right.status_code, right.json()["error"]) == (400, "invalid_grant")


def test_a_new_password_must_keep_to_the_policy(studio: StudioSystem) -> None:
    with studio.admin() as admin:
        [user] = admin.get(f"/{studio.realm}/users", username="developer", exact="true")
        weak = {"type": "password", "value": "short", "temporary": False}
        with pytest.raises(KeycloakRefused, match="minimum length 10"):
            admin.put(f"/{studio.realm}/users/{user['id']}/reset-password", weak)


def test_tokens_that_are_not_ours_are_refused(studio: StudioSystem) -> None:
    signed_in = studio.sign_in("developer")
    assert studio.rest(signed_in["access_token"], "me/").status_code == 200
    with studio.admin() as admin:
        foreign = {
            "clientId": "foreign",
            "publicClient": True,
            "directAccessGrantsEnabled": True,
        }
        admin.post(f"/{studio.realm}/clients", foreign)
        master = admin._token.removeprefix("Bearer ")
    other = studio.grant(
        "password", client_id="foreign", username="developer", password="rasa", scope="openid"
    ).json()
    head, body, signature = signed_in["access_token"].split(".")
    forged = f"{head}.{body}.{signature[:-8]}AAAAAAAA"
    bad = {
        "identity token": signed_in["id_token"],
        "refresh token": signed_in["refresh_token"],
        "other client": other["access_token"],
        "other realm": master,
        "forged": forged,
    }
    answers = {name: studio.rest(token, "me/") for name, token in bad.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(bad, 401)
    for answer in answers.values():
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_rotated_key_is_taken_at_once_and_the_old_one_while_it_is_published(
    studio: StudioSystem,
) -> None:
    old = studio.token("developer")
    assert studio.rest(old, "me/").status_code == 200, "the old key is known now"
    provider: dict[str, Any] = {
        "name": "rotated",
        "providerId": "rsa-generated",
        "providerType": "org.keycloak.keys.KeyProvider",
        "config": {"priority": ["1000"], "keySize": ["2048"], "algorithm": ["RS256"]},
    }
    with studio.admin() as admin:
        admin.post(f"/{studio.realm}/components", provider)
    new = studio.token("developer")
    assert new.split(".")[0] != old.split(".")[0], "signed by another key"
    assert studio.rest(new, "me/").status_code == 200
    assert studio.rest(old, "me/").status_code == 200


@pytest.mark.parametrize(
    ("ahead", "accepted"),
    [(0, True), (58, True), (-58, True), (-65, False), (300 + 55, True), (300 + 65, False)],
)
def test_clocks_may_be_a_minute_apart(
    studio: StudioSystem, settings: Any, ahead: int, *, accepted: bool
) -> None:
    """`ahead`: how far our clock is before Keycloak's. A token of five minutes ends at six."""
    settings.STUDIO_IDENTITY = "keycloak"
    settings.KEYCLOAK_URL = studio.keycloak_url
    settings.KEYCLOAK_REALM = studio.realm
    settings.TOKEN_ISSUER = studio.issuer
    token = studio.token("developer")
    with time_machine.travel(time.time() + ahead, tick=True):
        if accepted:
            assert Realm().claims(token)["preferred_username"] == "developer"
        else:
            with pytest.raises(InvalidToken):
                Realm().claims(token)


@pytest.mark.timeout(300)
def test_keycloak_that_is_down_ends_no_session(tmp_path: Path) -> None:
    with throwaway(("postgres", "keycloak")) as services:
        keycloak = the(Keycloak, services)
        studio = StudioSystem(tmp_path, variables_of(services))
        studio.manage("migrate", "-v0")
        studio.manage("keycloak_setup")
        studio.start()
        try:
            token = studio.token("superuser")
            assert studio.rest(token, "me/").status_code == 200
            for cut in (keycloak.pause, keycloak.kill):
                cut()
                _sessions_go_on(studio, token)
            studio.stop()
            studio.start()  # without any key
            for _ in range(2):
                _is_503(studio.rest(token, "me/"))
            keycloak.start()
            time.sleep(5)
            assert studio.rest(token, "me/").status_code == 200
        finally:
            studio.stop()


def _sessions_go_on(studio: StudioSystem, token: str) -> None:
    begun = time.monotonic()
    for _ in range(20):
        assert studio.rest(token, "me/").status_code == 200
        assert studio.rest(token, "assistants/").status_code == 200
    assert time.monotonic() - begun < 5
    # Signed with a key that is not known, so Keycloak would have to be asked.
    unknown = "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5ldyJ9." + token.split(".", 1)[1]
    _is_503(studio.rest(unknown, "me/"))
    _is_503(studio.rest(token, "users/"))


def _is_503(answer: httpx2.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "identity_unavailable"


def test_users_are_those_of_keycloak(studio: StudioSystem) -> None:
    token = studio.token("superuser")
    about = studio.rest(token, "users/directory/").json()
    assert (about["provider"], about["sends_mail"]) == ("keycloak", False)
    assert about["console_url"].startswith(f"{studio.keycloak_url}/admin/{studio.realm}/console/")
    page = studio.rest(token, "users/?page_size=4").json()
    assert page["count"] == 10, "nine default users and our own account"
    assert len(page["results"]) == 4
    found = studio.rest(token, "users/?search=flow+build").json()
    assert [person["username"] for person in found["results"]] == ["flowbuilder"]
    [person] = found["results"]
    assert (person["roles"], person["is_active"]) == (["Flow Builder"], True)
    assert person["id"] in person["console_url"]
    assert studio.rest(studio.token("developer"), "users/").status_code == 403


def test_roles_are_groups_and_other_groups_stay(studio: StudioSystem) -> None:
    token = studio.token("superuser")
    [person] = studio.rest(token, "users/?search=nlueditor").json()["results"]
    member = f"/{studio.realm}/users/{person['id']}/groups"
    with studio.admin() as admin:
        friends = admin.post(f"/{studio.realm}/groups", {"name": "Friends"})
        admin.put(f"{member}/{friends}")
        url = f"users/{person['id']}/"
        changed = studio.rest(token, url, "PATCH", {"roles": ["Developer", "Annotator"]})
        assert changed.json()["roles"] == ["Annotator", "Developer"]
        names = {group["name"] for group in admin.get(member)}
        assert names == {"Annotator", "Developer", "Friends"}
    assert studio.rest(studio.token("nlueditor"), "me/").json()["roles"] == [
        "Annotator",
        "Developer",
    ]
    for refused in ({"password": "correct horse"}, {"is_active": False}):
        answer = studio.rest(token, url, "PATCH", refused)
        assert (answer.status_code, answer.json()["code"]) == (409, "kept_elsewhere")
        assert person["id"] in answer.json()["console_url"]
    entries = studio.rest(token, "audit/?action=user.roles").json()["results"]
    assert (entries[0]["actor"], entries[0]["target"]) == ("superuser", "nlueditor")
    assert studio.rest(token, url, "PATCH", {"roles": ["King"]}).status_code == 400
    absent = "users/00000000-0000-0000-0000-000000000000/"
    assert studio.rest(token, absent, "PATCH", {"roles": []}).status_code == 404


def test_a_personal_access_token_follows_what_keycloak_says_of_its_person(
    studio: StudioSystem,
) -> None:
    realm = f"/{studio.realm}"
    with studio.admin() as admin:
        account = {"username": "scripter", "enabled": True, "firstName": "S", "lastName": "C"}
        secret = {"type": "password", "value": "correct horse battery", "temporary": False}
        named = {"email": "s@shop.example", "emailVerified": True, "credentials": [secret]}
        person = f"{realm}/users/" + admin.post(f"{realm}/users", {**account, **named})
        groups = {group["name"]: group["id"] for group in admin.get(f"{realm}/groups")}
        admin.put(f"{person}/groups/{groups['Developer']}")
        signed_in = studio.sign_in("scripter", "correct horse battery")["access_token"]
        made = studio.rest(
            signed_in, "me/tokens/", "POST", {"name": "CI", "scopes": ["read", "content"]}
        )
        token = made.json()["token"]
        assert studio.rest(token, "me/").json()["roles"] == ["Developer"]
        assert studio.rest(token, "me/tokens/").json()["code"] == "not_with_personal_token"
        assert studio.rest(token, "assistants/").status_code == 200

        admin.delete(f"{person}/groups/{groups['Developer']}")
        admin.put(f"{person}/groups/{groups['Annotator']}")
        studio.age_confirmations()
        assert studio.rest(token, "me/").json()["roles"] == ["Annotator"]
        assert studio.rest(token, "assistants/").status_code == 403

        admin.put(person, {**account, "enabled": False})
        studio.age_confirmations()
        assert studio.rest(token, "me/").status_code == 401
        admin.put(person, {**account, "enabled": True})
        studio.age_confirmations()
        assert studio.rest(token, "me/").status_code == 200

        admin.delete(person)
        studio.age_confirmations()
        assert studio.rest(token, "me/").status_code == 401


def test_sign_out_everywhere_ends_every_session(studio: StudioSystem) -> None:
    token = studio.token("superuser")
    sessions = [studio.sign_in("businessuser") for _ in range(2)]
    [person] = studio.rest(token, "users/?search=businessuser").json()["results"]
    assert studio.rest(token, f"users/{person['id']}/sign-out/", "POST").status_code == 204
    for session in sessions:
        answer = studio.grant("refresh_token", refresh_token=session["refresh_token"])
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_an_invitation_is_a_mail_or_a_page(studio: StudioSystem) -> None:
    token = studio.token("superuser")
    [person] = studio.rest(token, "users/?search=leadannotator").json()["results"]
    invited = studio.rest(token, f"users/{person['id']}/invite/", "POST").json()
    assert invited == {"sent": False, "console_url": person["console_url"]}


def test_a_name_that_is_given_to_a_new_account_is_free(studio: StudioSystem) -> None:
    """Deleted in Keycloak and made anew: another account of the same name."""
    studio.rest(studio.token("conversationviewer"), "me/")
    with studio.admin() as admin:
        [old] = admin.get(f"/{studio.realm}/users", username="conversationviewer", exact="true")
        admin.delete(f"/{studio.realm}/users/{old['id']}")
        fresh = {**old, "groups": ["Conversation Viewer"]}
        del fresh["id"]
        password = {"type": "password", "value": "a new one of hers", "temporary": False}
        admin.post(f"/{studio.realm}/users", {**fresh, "credentials": [password]})
    signed_in = studio.sign_in("conversationviewer", "a new one of hers")
    again = studio.rest(signed_in["access_token"], "me/")
    assert (again.status_code, again.json()["username"]) == (200, "conversationviewer")
    assert again.json()["id"] != old["id"]
