"""What is believed of proxies, and what pages may do, by settings of their own process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.running_studio import ROOT

ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
page = Client().get("/config.js", headers={"host": "studio.example", "x-forwarded-proto": "https"})
print(json.dumps({
    "secure": page.wsgi_request.is_secure(),
    "policy": page["Content-Security-Policy"],
    "config": page.content.decode(),
}))
"""


def asked(tmp_path: Path, **variables: str) -> dict[str, Any]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DB_")},
        "STUDIO_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "studio.settings.base",
        "ALLOWED_HOSTS": "studio.example",
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"error": done.stderr}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_only_trusted_proxies_say_that_the_line_is_encrypted(tmp_path: Path) -> None:
    assert asked(tmp_path)["secure"] is False
    assert asked(tmp_path, STUDIO_TRUSTED_PROXIES="1")["secure"] is True


def test_the_policy_names_what_is_needed_and_no_more(tmp_path: Path) -> None:
    policy = set(asked(tmp_path, STUDIO_PORT="8123")["policy"].split("; "))
    assert {"connect-src 'self' ws://127.0.0.1:8123", "img-src 'self' data:"} <= policy
    public = asked(
        tmp_path,
        WEB_CLIENT_URL="https://studio.example",
        KEYCLOAK_URL="http://keycloak:8080/auth",
        KEYCLOAK_ISSUER="https://id.example/auth/realms/rasa-studio",
        STUDIO_IMAGE_SOURCES="https://images.example, https://cdn.example:8443/",
    )
    assert {
        "connect-src 'self' wss://studio.example https://id.example",
        "frame-src 'self' https://id.example",
        "img-src 'self' data: https://images.example https://cdn.example:8443",
    } <= set(public["policy"].split("; "))
    assert "IMAGE_SOURCES = 'https://images.example https://cdn.example:8443';" in public["config"]
    assert "img-src 'self' data: https:" in asked(tmp_path, STUDIO_IMAGE_SOURCES="https:")["policy"]


@pytest.mark.parametrize(
    "bad", ["*", "images.example", "https://x; script-src *", "https://x/path"]
)
def test_a_source_of_images_that_is_none_stops_the_process(tmp_path: Path, bad: str) -> None:
    assert "STUDIO_IMAGE_SOURCES" in asked(tmp_path, STUDIO_IMAGE_SOURCES=bad)["error"]
