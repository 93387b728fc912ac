"""Whether the action server that an assistant names is there, asked through the model service."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.modelservice.conftest import Service


@contextmanager
def action_server(body: Any) -> Iterator[str]:
    """The address of a server whose health page answers this."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            """Not on the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def names(client: APIClient, tea: str, url: str) -> None:
    body = {"runner": "server", "url": url}
    assert client.put(f"{tea}action-server/", body, format="json").status_code == 200


def test_an_editor_is_told_what_is_there(
    api_client: APIClient, tea: str, service: Service, as_user: AsUser
) -> None:
    def asked(client: APIClient) -> Any:
        return client.post(f"{tea}action-server/check/")

    with action_server({"status": "ok"}) as url:
        names(api_client, tea, url)
        found = asked(api_client).json()
        assert (found["state"], found["status"]) == ("reachable", 200)
        assert found["milliseconds"] > 0
        assert asked(as_user("Developer")).status_code == 200
        refused = asked(as_user("Flow Builder"))
        assert (refused.status_code, refused.json()["permission"]) == (403, "settings.edit")
    assert asked(api_client).json()["state"] == "refused"
    with action_server("a page") as url:
        names(api_client, tea, url)
        found = asked(api_client).json()
        assert (found["state"], found["status"]) == ("other", 200)


def test_what_cannot_be_asked_is_said(api_client: APIClient, tea: str, service: Service) -> None:
    def told() -> str:
        refused = api_client.post(f"{tea}action-server/check/")
        assert (refused.status_code, refused.json()["code"]) == (409, "action_server_not_asked")
        return str(refused.json()["detail"])

    body = {"runner": "none"}
    assert api_client.put(f"{tea}action-server/", body, format="json").status_code == 200
    assert "names no action server" in told()
    names(api_client, tea, f"{service.url}/webhook")
    assert "may not reach port" in told()


@pytest.mark.django_db
def test_without_a_model_service(api_client: APIClient, tea: str, settings: Any) -> None:
    settings.MS_API_URL = "http://127.0.0.1:9"
    asked = api_client.post(f"{tea}action-server/check/")
    assert asked.json()["code"] == "model_service_unavailable"
