"""The few calls of Keycloak's admin API that Studio makes, over one signed-in connection."""

import threading
from types import TracebackType
from typing import Any, Self

import httpx2

from studio.accounts.realm import IdentityUnavailable
from studio.common.errors import DomainError


class KeycloakRefused(DomainError):
    """Keycloak answered, and the answer is no."""

    code = "keycloak_refused"
    status = 502
    title = "Keycloak refused"
    when = "Keycloak refused what Studio asked it to do."
    remedy = "Read `detail`; the rights of Studio's account in Keycloak may be missing."

    def __init__(self, detail: str, reason: str) -> None:
        """`reason`: in Keycloak's own words."""
        super().__init__(detail)
        self.reason = reason


class KeycloakFails(IdentityUnavailable):
    """Keycloak answered, and could not do it."""

    def __init__(self, detail: str, reason: str) -> None:
        """`reason`: in Keycloak's own words, or the number of its answer."""
        super().__init__(detail)
        self.reason = reason


class KeycloakAdmin:
    """Signs in by the password grant before its first call, and anew when the token is over.

    Paths are below `/admin/realms`. One instance serves all threads.

    :raises IdentityUnavailable: Keycloak does not answer
    :raises KeycloakFails: it fails
    :raises KeycloakRefused: it refuses the credentials or the call; the text says which call
    """

    def __init__(
        self,
        url: str,
        *,
        realm: str,
        username: str,
        password: str,
        client_id: str = "admin-cli",
        seconds: float = 5,
    ) -> None:
        self._url = url
        self._token_path = f"/realms/{realm}/protocol/openid-connect/token"
        self._credentials = {
            "grant_type": "password",
            "client_id": client_id,
            "username": username,
            "password": password,
        }
        self._http = httpx2.Client(base_url=url, timeout=_timeout(seconds))
        self._token = ""
        self._signing_in = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        return self._call("GET", path, params=query).json()

    def find(self, path: str) -> Any | None:
        """What is at `path`, or None."""
        response = self._authorized("GET", f"/admin/realms{path}")
        return (
            None if response.status_code == 404 else self._checked(f"GET {path}", response).json()
        )

    def post(self, path: str, body: Any) -> str:
        """Id of what was made, when the answer names one."""
        response = self._call("POST", path, json=body)
        return str(response.headers.get("Location", "")).rsplit("/", 1)[-1]

    def put(
        self, path: str, body: Any = None, *, seconds: float | None = None, **query: Any
    ) -> None:
        """`seconds`: more time, for what Keycloak itself waits for somebody with."""
        more = {"timeout": _timeout(seconds)} if seconds else {}
        self._call("PUT", path, json=body, params=query, **more)

    def delete(self, path: str) -> None:
        self._call("DELETE", path)

    def server_info(self) -> Any:
        answer = self._authorized("GET", "/admin/serverinfo")
        return self._checked("GET serverinfo", answer).json()

    def _call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        response = self._authorized(method, f"/admin/realms{path}", **options)
        return self._checked(f"{method} {path}", response)

    def _authorized(self, method: str, path: str, **options: Any) -> httpx2.Response:
        used = self._token
        if used:
            response = self._send(method, path, headers={"Authorization": used}, **options)
            if response.status_code != 401:
                return response
        with self._signing_in:
            if self._token == used:  # nobody else was first
                answer = self._send("POST", self._token_path, data=self._credentials)
                token = self._checked("sign in", answer).json()["access_token"]
                self._token = f"Bearer {token}"
        return self._send(method, path, headers={"Authorization": self._token}, **options)

    def _send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        try:
            response = self._http.request(method, path, **options)
        except httpx2.HTTPError as error:
            message = f"Keycloak does not answer at {self._url} ({type(error).__name__})."
            raise IdentityUnavailable(message) from None
        if response.status_code >= 500:
            message = f"Keycloak at {self._url} fails with {response.status_code}."
            raise KeycloakFails(message, _reason(response))
        return response

    @staticmethod
    def _checked(what: str, response: httpx2.Response) -> httpx2.Response:
        if response.is_success:
            return response
        reason = _reason(response)
        raise KeycloakRefused(f"Keycloak refuses to {what}: {reason}.", reason)


def _timeout(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=2.0)


def _reason(response: httpx2.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        body = {}
    said = body.get("error_description") or body.get("errorMessage") or body.get("error")
    return str(said or response.status_code).rstrip(".")
