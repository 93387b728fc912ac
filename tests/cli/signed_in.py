"""The same client over the wire, with the libraries that the Rasa CLI signs in and sends with."""

from collections.abc import Mapping
from typing import Any

import requests
from keycloak import KeycloakOpenID

from tests.cli.client import Answer, CliClient

# What the CLI stores of a token; a missing one ends it (cli_graphql §2).
STORED = ("access_token", "expires_in", "refresh_expires_in", "refresh_token", "token_type")


class Login:
    """`rasa studio config` and `login` at the address of a Studio, or at the parts of one."""

    def __init__(
        self,
        studio: str,
        *,
        identity: str = "",
        realm: str = "rasa-studio",
        client: str = "admin-cli",
    ) -> None:
        self.graphql = f"{studio.rstrip('/')}/api/graphql/"
        self._identity = identity or f"{studio.rstrip('/')}/auth/"
        self._realm = realm
        self._openid = KeycloakOpenID(
            server_url=self._identity, client_id=client, realm_name=realm, verify=True
        )
        self.token: dict[str, Any] = {}

    def is_reachable(self) -> bool:
        address = f"{self._identity}realms/{self._realm}/.well-known/openid-configuration"
        answer = requests.get(address, timeout=60)
        return answer.status_code in {200, 201, 204} and isinstance(answer.json(), dict)

    def sign_in(self, username: str, password: str) -> None:
        """Raises KeycloakAuthenticationError of python-keycloak."""
        given = self._openid.token(username=username, password=password)
        self.token = {name: given[name] for name in STORED}

    def refresh(self) -> None:
        given = self._openid.refresh_token(self.token["refresh_token"])
        self.token = {name: given[name] for name in STORED}

    def post(self, body: Mapping[str, Any]) -> Answer:
        headers = {
            "Authorization": f"{self.token['token_type']} {self.token['access_token']}",
            "Content-Type": "application/json",
        }
        answer = requests.post(self.graphql, json=body, headers=headers, timeout=600)
        return answer.status_code, answer.json()

    def client(self, version: str) -> CliClient:
        return CliClient(self.post, version)
