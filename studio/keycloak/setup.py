"""Brings a realm to the state of `wanted`, and tells every change.

What is ours, and put right at each run because Studio does not work without it:
the realm itself; the three clients' grants, PKCE, and that our addresses are among their redirect
and web origins; full tokens for the command line; the client scope `studio` with its two mappers,
as a default of the three clients; that the nine groups, the three client roles and their grant to
`studio-external` exist; the account of KEYCLOAK_API_USERNAME and its rights.

What is preset: `wanted.PRESETS`, once, and only over Keycloak's own default. A realm attribute
remembers which were offered, so that an administrator may go back to the default as well.

Nothing else is touched, and nothing is ever removed: more redirect addresses, clients, mappers,
groups, roles, members, identity providers, mail, flows and passwords are the administrator's.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from studio.keycloak import wanted
from studio.keycloak.admin import KeycloakAdmin, KeycloakRefused

_OFFERED = "studio.presets"
_SEPARATOR = "##"  # of lists in Keycloak's client attributes


class RealmSetup:
    def __init__(self, admin: KeycloakAdmin, tell: Callable[[str], None]) -> None:
        self._admin = admin
        self._tell = tell
        self._realm = f"/{settings.KEYCLOAK_REALM}"
        self.changes = 0

    def run(self) -> None:
        self._make_realm()
        groups = self._make_groups()
        scope = self._make_scope()
        clients = {
            client_id: self._make_client(client_id, body, scope)
            for client_id, body in wanted.clients().items()
        }
        self._make_client_roles(clients[settings.KEYCLOAK_EXTERNAL_CLIENT_ID])
        # Before the password policy: the documented default password is a short one.
        if settings.KEYCLOAK_DEFAULT_USER_CREATION:
            self._make_default_users(groups)
        self._make_api_user()
        self._preset()

    def _changed(self, what: str) -> None:
        self.changes += 1
        self._tell(what)

    def _make_realm(self) -> None:
        if self._admin.find(self._realm) is None:
            self._admin.post("", {"realm": settings.KEYCLOAK_REALM, "enabled": True})
            self._changed(f"Realm {settings.KEYCLOAK_REALM}: created.")

    def _make_groups(self) -> dict[str, str]:
        """Ids of the groups of the top level, by name."""
        path = f"{self._realm}/groups"
        ids = {group["name"]: group["id"] for group in self._admin.get(path, max=10_000)}
        for name in _missing(wanted.groups(), ids):
            ids[name] = self._admin.post(path, {"name": name})
            self._changed(f"Group {name}: created.")
        return ids

    def _make_scope(self) -> str:
        path = f"{self._realm}/client-scopes"
        body = wanted.scope()
        found = next((each for each in self._admin.get(path) if each["name"] == body["name"]), None)
        if found is None:
            self._changed(f"Client scope {body['name']}: created.")
            return self._admin.post(path, body)
        mappers = {each["name"]: each for each in found.get("protocolMappers", [])}
        for mapper in body["protocolMappers"]:
            self._make_mapper(f"{path}/{found['id']}/protocol-mappers/models", mapper, mappers)
        return str(found["id"])

    def _make_mapper(self, path: str, mapper: dict[str, Any], there: dict[str, Any]) -> None:
        name = mapper["name"]
        if name not in there:
            self._admin.post(path, mapper)
            self._changed(f"Mapper {name}: created.")
            return
        old = there[name]
        merged = {**old, "config": {**old["config"], **mapper["config"]}}
        if merged != old or old["protocolMapper"] != mapper["protocolMapper"]:
            merged["protocolMapper"] = mapper["protocolMapper"]
            self._admin.put(f"{path}/{old['id']}", merged)
            self._changed(f"Mapper {name}: put right.")

    def _make_client(self, client_id: str, body: dict[str, Any], scope: str) -> str:
        path = f"{self._realm}/clients"
        [*found] = self._admin.get(path, clientId=client_id)
        if found:
            client = found[0]
            self._put_right(client, body)
        else:
            fresh = {"clientId": client_id, "protocol": "openid-connect", **body}
            if not body["publicClient"] and settings.EXTERNAL_CLIENT_SECRET:
                fresh["secret"] = settings.EXTERNAL_CLIENT_SECRET
            uid = self._admin.post(path, fresh)
            self._changed(f"Client {client_id}: created.")
            client = self._admin.get(f"{path}/{uid}")
        if wanted.SCOPE not in client.get("defaultClientScopes", []):
            self._admin.put(f"{path}/{client['id']}/default-client-scopes/{scope}")
            self._changed(f"Client {client_id}: scope {wanted.SCOPE} by default.")
        return str(client["id"])

    def _put_right(self, client: dict[str, Any], body: dict[str, Any]) -> None:
        merged = _merged(client, body)
        changed = sorted(key for key in body if merged.get(key) != client.get(key))
        if changed:
            self._admin.put(f"{self._realm}/clients/{client['id']}", merged)
            self._changed(f"Client {client['clientId']}: {', '.join(changed)} put right.")

    def _make_client_roles(self, client: str) -> None:
        path = f"{self._realm}/clients/{client}"
        there = {role["name"] for role in self._admin.get(f"{path}/roles", max=10_000)}
        for name in _missing(wanted.client_roles(), there):
            self._admin.post(f"{path}/roles", {"name": name})
            self._changed(f"Client role {name}: created.")
        account = self._admin.get(f"{path}/service-account-user")
        self._grant(account, client, wanted.client_roles())

    def _grant(self, user: dict[str, Any], client: str, names: Iterable[str]) -> None:
        path = f"{self._realm}/users/{user['id']}/role-mappings/clients/{client}"
        missing = _missing(names, {role["name"] for role in self._admin.get(path)})
        if not missing:
            return
        roles = {
            role["name"]: role
            for role in self._admin.get(f"{self._realm}/clients/{client}/roles", max=10_000)
        }
        self._admin.post(path, [roles[name] for name in missing])
        self._changed(f"Account {user['username']}: granted {', '.join(missing)}.")

    def _make_default_users(self, groups: dict[str, str]) -> None:
        for body in wanted.default_users():
            if self._find_user(body["username"]) is None:
                self._make_user(body, "KEYCLOAK_DEFAULT_USER_PASSWORD")
                in_groups = ", ".join(body["groups"])
                self._changed(f"Default user {body['username']}: created in {in_groups}.")

    def _make_api_user(self) -> None:
        body = wanted.api_user()
        user = self._find_user(body["username"])
        if user is None:
            if not settings.KEYCLOAK_API_PASSWORD:
                self._tell(
                    f"Account {body['username']}: not created, KEYCLOAK_API_PASSWORD is not set. "
                    "The page Users cannot list people without it."
                )
                return
            self._make_user(body, "KEYCLOAK_API_PASSWORD")
            self._changed(f"Account {body['username']}: created.")
            user = self._find_user(body["username"])
        [management] = self._admin.get(f"{self._realm}/clients", clientId="realm-management")
        self._grant(user or {}, management["id"], wanted.API_ROLES)

    def _find_user(self, username: str) -> dict[str, Any] | None:
        found = self._admin.get(f"{self._realm}/users", username=username, exact="true")
        return found[0] if found else None

    def _make_user(self, body: dict[str, Any], variable: str) -> None:
        """With the password of that variable.

        :raises KeycloakRefused: the realm's policy does not take it
        """
        password = getattr(settings, variable)
        credentials = [{"type": "password", "value": password, "temporary": False}]
        try:
            self._admin.post(f"{self._realm}/users", {**body, "credentials": credentials})
        except KeycloakRefused as refusal:
            if "password" not in refusal.reason.lower():
                raise
            message = f"Keycloak refuses {variable} ({refusal.reason}). Choose another one"
            hint = "." if variable == "KEYCLOAK_API_PASSWORD" else ", or no default users."
            raise KeycloakRefused(message + hint, refusal.reason) from None

    def _preset(self) -> None:
        realm = self._admin.get(self._realm)
        attributes = realm.get("attributes", {})
        offered = set(filter(None, attributes.get(_OFFERED, "").split(",")))
        fresh = {name: pair for name, pair in wanted.PRESETS.items() if name not in offered}
        if "loginTheme" in fresh and not self._has_theme():
            del fresh["loginTheme"]
            self._tell(
                f"Login theme {wanted.THEME}: this Keycloak does not have it; left as it is."
            )
        if not fresh:
            return
        body: dict[str, Any] = {}
        for name, (default, value) in fresh.items():
            now = realm.get(name)
            if now == value:
                continue
            if now in (default, ""):
                body[name] = value
                self._changed(f"Realm setting {name}: {value}.")
            else:
                self._tell(f"Realm setting {name}: {now} is kept.")
        noted = {**attributes, _OFFERED: ",".join(sorted({*offered, *fresh}))}
        self._admin.put(self._realm, {**body, "attributes": noted})

    def _has_theme(self) -> bool:
        themes = self._admin.server_info().get("themes", {}).get("login", [])
        return wanted.THEME in {theme["name"] for theme in themes}


def _missing(names: Iterable[str], there: Iterable[str]) -> list[str]:
    known = set(there)
    return [name for name in names if name not in known]


def _merged(client: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """`client` with what we need in it: lists grow, our attributes win, its name stays."""
    merged = dict(client)
    for key, value in body.items():
        if isinstance(value, list):
            merged[key] = [*client.get(key, []), *_missing(value, client.get(key, []))]
        elif key == "attributes":
            merged[key] = _merged_attributes(client.get(key, {}), value)
        elif key != "name":
            merged[key] = value
    return merged


def _merged_attributes(there: dict[str, str], ours: dict[str, str]) -> dict[str, str]:
    merged = {**there, **ours}
    uris = "post.logout.redirect.uris"
    if uris in ours and there.get(uris):
        known = there[uris].split(_SEPARATOR)
        merged[uris] = _SEPARATOR.join([*known, *_missing([ours[uris]], known)])
    return merged
