"""What the embedded identity refuses, and warns of, at start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rest_framework.test import APIClient

ROOT = Path(__file__).resolve().parents[3]


def check(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DB_")},
        "STUDIO_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "studio.settings.base",
        **variables,
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_local_refuses_to_stand_beside_a_configured_keycloak(tmp_path: Path) -> None:
    both = {"STUDIO_IDENTITY": "local", "KEYCLOAK_URL": "http://keycloak.example/auth"}
    refused = check(tmp_path, **both)
    assert refused.returncode != 0
    assert "KEYCLOAK_URL is set" in refused.stderr
    assert check(tmp_path, KEYCLOAK_URL="http://keycloak.example/auth").returncode == 0


def test_without_keycloak_the_browser_may_ask_nobody_else() -> None:
    page = APIClient().get("/config.js")
    assert b"window.KEYCLOAK_URL = '/auth';" in page.content
    policy = page["Content-Security-Policy"].split("; ")
    assert {"frame-src 'self'", "connect-src 'self' ws://127.0.0.1:8000"} <= set(policy)


def test_public_address_is_warned_of(tmp_path: Path) -> None:
    public = check(tmp_path, STUDIO_HOST="0.0.0.0")  # noqa: S104  the warning is the point
    assert "identity.W001" in public.stderr
    assert "identity.W001" not in check(tmp_path).stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("STUDIO_PORT", "eight"), ("STUDIO_IDENTITY", "ldap"), ("MS_API_URL", "rasapro")],
)
def test_bad_value_stops_the_process_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    refused = check(tmp_path, **{name: value})
    assert refused.returncode != 0
    assert name in refused.stderr
    assert value in refused.stderr
