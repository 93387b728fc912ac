"""A Studio of its own on real servers: a database, a realm of Keycloak, the backend as a process.

`python -m deploy.services run postgres,keycloak …` says by variables where the servers are.
"""

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from modelservice.service.ports import free_port
from studio.keycloak.admin import KeycloakAdmin
from tests.services.ingest_system import ROOT, server

API_PASSWORD = "the-backend-of-studio"
EXTERNAL_SECRET = "a-secret-for-programs"
PASSWORD = "rasa"  # of the default users


class StudioSystem:
    def __init__(self, folder: Path, servers: dict[str, str] | None = None) -> None:
        """`servers`: other ones than those of the environment."""
        self._servers = servers or {}
        self.realm = f"realm-{uuid.uuid4().hex[:8]}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._database = self.realm.replace("-", "_")
        with psycopg.connect(
            f"host={self._given('DB_HOST')} port={self._given('DB_PORT')} "
            f"user={self._given('DB_USER')} dbname=postgres",
            autocommit=True,
        ) as connection:
            connection.execute(f"CREATE DATABASE {self._database}")

    def _given(self, name: str) -> str:
        return self._servers.get(name) or server(name)

    @property
    def keycloak_url(self) -> str:
        return self._given("KEYCLOAK_URL")

    @property
    def issuer(self) -> str:
        return f"{self.keycloak_url}/realms/{self.realm}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **self._servers,
            "DB_NAME": self._database,
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
            "STUDIO_DATA_DIR": str(self._folder / self.realm),
            "STUDIO_PORT": str(self.port),
            "WEB_CLIENT_URL": self.url,
            "KEYCLOAK_REALM": self.realm,
            "KEYCLOAK_ISSUER": self.issuer,
            "KEYCLOAK_API_PASSWORD": API_PASSWORD,
            "KEYCLOAK_DEFAULT_USER_CREATION": "true",
            "STUDIO_EXTERNAL_CLIENT_SECRET": EXTERNAL_SECRET,
            "KAFKA_BROKER_ADDRESS": "",
        }

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def manage(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        command = [sys.executable, "-m", "studio"]
        with (self._folder / "backend.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                httpx2.get(f"{self.url}/api/health")
            except httpx2.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self._folder / "backend.log").read_text())

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def age_confirmations(self) -> None:
        """As if Keycloak had last been asked about each person ten minutes ago."""
        with psycopg.connect(
            f"host={self._given('DB_HOST')} port={self._given('DB_PORT')} "
            f"user={self._given('DB_USER')} dbname={self._database}"
        ) as connection:
            connection.execute(
                "UPDATE accounts_user SET confirmed_at = confirmed_at - interval '10 minutes'"
            )

    def admin(self) -> KeycloakAdmin:
        return KeycloakAdmin(
            self.keycloak_url,
            realm="master",
            username=self._given("KEYCLOAK_ADMIN_USERNAME"),
            password=self._given("KEYCLOAK_ADMIN_PASSWORD"),
        )

    def grant(self, grant_type: str, *, realm: str = "", **fields: str) -> httpx2.Response:
        """What Keycloak answers at the token endpoint."""
        path = f"realms/{realm or self.realm}/protocol/openid-connect/token"
        data = {"client_id": "admin-cli", **fields, "grant_type": grant_type}
        return httpx2.post(f"{self.keycloak_url}/{path}", data=data)

    def sign_in(self, username: str, password: str = PASSWORD) -> dict[str, Any]:
        answer = self.grant("password", username=username, password=password, scope="openid")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def token(self, username: str) -> str:
        return str(self.sign_in(username)["access_token"])

    def program_token(self) -> str:
        answer = self.grant(
            "client_credentials", client_id="studio-external", client_secret=EXTERNAL_SECRET
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def rest(self, token: str, path: str, method: str = "GET", body: Any = None) -> httpx2.Response:
        return httpx2.request(
            method,
            f"{self.url}/api/v1/{path}",
            headers={"Authorization": f"Bearer {token}"},
            json=body,
            timeout=30,
        )
