"""`make test-deploy`: the images run as they do in use, against a real PostgreSQL."""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator

import aiohttp
import httpx2
import pytest

from deploy.images import engine
from deploy.images.__main__ import name_of

PASSWORD = "try every image"
URL = "http://127.0.0.1:8080"
HARDENED = (
    *("--network", "host", "--read-only", "--cap-drop", "ALL", "--no-healthcheck"),
    *("--security-opt", "no-new-privileges", "--tmpfs", "/tmp"),  # noqa: S108  in the container
)
ROLES = {"backend": 4000, "modelservice": 8000, "web": 8080}
END_SECONDS = 10
EVENTS = "studio-test-events"  # bots write them, the ingestion reads them


def podman(*arguments: str, told: str | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["podman", *arguments],
        env=engine.environment(),
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if httpx2.get(url).is_success:
                return
        except httpx2.HTTPError:
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")


@pytest.fixture(scope="module")
def installation() -> Iterator[dict[str, str]]:
    database = {name: os.environ[name] for name in ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER")}
    variables = {
        **database,
        "STUDIO_SECRET_KEY": "x" * 50,
        "WEB_CLIENT_URL": URL,
        "STUDIO_TRUSTED_PROXIES": "1",
        "MS_API_URL": "http://127.0.0.1:8000",
        "MODEL_SERVICE_SECRET": "shared",
        "STUDIO_URL": "http://127.0.0.1:4000",
        "RASA_MODEL_SERVER_BASE_URL": f"{URL}/talk",
    }
    service = {
        **{name: value for name, value in variables.items() if not name.startswith("DB_")},
        "KEYCLOAK_URL": "http://127.0.0.1:4000/auth",
        "KEYCLOAK_ISSUER": f"{URL}/auth/realms/rasa-studio",
    }
    given = {"backend": variables, "modelservice": service, "web": {}}
    commands = {"web": ("nginx", "-c", "/etc/nginx/one-origin.conf")}
    volumes = {"backend": "/app/data", "modelservice": "/app/working-data", "web": "/nothing"}
    hosts = ("--add-host", "backend:127.0.0.1", "--add-host", "model-service:127.0.0.1")
    flags = [part for name, value in variables.items() for part in ("-e", f"{name}={value}")]
    once = ("run", "--rm", *HARDENED, "-v", "/app/data", *flags)
    done = podman(*once, name_of("migration"))
    assert done.returncode == 0, done.stderr
    create = ("python", "manage.py", "users", "create", "admin", "--role", "SuperUser")
    done = podman(*once, "-i", name_of("backend"), *create, told=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    names = {role: f"studio-test-{role}" for role in ROLES}
    try:
        for role, port in ROLES.items():
            flags = [part for item in given[role].items() for part in ("-e", "=".join(item))]
            volume = ("-v", volumes[role], "-v", f"{EVENTS}:/app/events")
            podman(
                *("run", "-d", "--name", names[role], *HARDENED, *volume, *hosts, *flags),
                *(name_of(role), *commands.get(role, ())),
            )
            path = {"backend": "/api/health", "modelservice": "/", "web": "/"}[role]
            wait_for(f"http://127.0.0.1:{port}{path}")
        yield names
    finally:
        for name in names.values():
            podman("rm", "-vf", name)
        podman("volume", "rm", EVENTS)


def test_one_can_sign_in_and_train_through_the_web_client(installation: dict[str, str]) -> None:
    assert "API_ENDPOINT" in httpx2.get(f"{URL}/config.js").text
    form = {"grant_type": "password", "client_id": "admin-cli", "username": "admin"}
    form |= {"password": PASSWORD, "scope": "openid"}
    address = f"{URL}/auth/realms/rasa-studio/protocol/openid-connect/token"
    token = httpx2.post(address, data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=f"{URL}/api/v1/", headers=headers, timeout=60) as api:
        made = api.post("assistants/", json={"name": "Deployed", "sample": "bank"})
        assert made.status_code == 201, made.text
        versions = f"assistants/{made.json()['id']}/versions/"
        version = api.post(versions, json={"flows": None}).json()
        while version["status"] not in {"ready", "failed"}:
            time.sleep(0.1)
            version = api.get(f"{versions}{version['id']}/").json()
        assert version["status"] == "ready", version["error"]
    assert asyncio.run(answer_to(version["chat_url"], token, "Hello"))


async def answer_to(url: str, token: str, text: str) -> str:
    """Over the web client's nginx, as a browser talks."""
    async with (
        asyncio.timeout(60),
        aiohttp.ClientSession() as session,
        session.ws_connect(url, headers={"Origin": URL}) as socket,
    ):
        await socket.send_json({"type": "authenticate", "token": token})
        await socket.send_json({"type": "user_message", "text": text})
        async for message in socket:
            frame = message.json()
            if frame["type"] == "bot_message":
                return str(frame["text"])
    raise AssertionError(f"closed with {socket.close_code}")


@pytest.mark.parametrize("role", ["backend", "modelservice"])
def test_a_process_is_nobody_and_its_files_stay(installation: dict[str, str], role: str) -> None:
    code = "import os; print(os.getuid(), os.getgid()); open('/app/x', 'w')"
    done = podman("exec", installation[role], "python", "-c", code)
    assert done.stdout == "1001 1001\n"
    assert "Read-only file system" in done.stderr


@pytest.mark.parametrize("role", ["web", "backend", "modelservice"])
def test_it_ends_when_it_is_told_to(installation: dict[str, str], role: str) -> None:
    """The last test: nothing runs after it."""
    started = time.monotonic()
    podman("stop", "-t", "30", installation[role])
    assert time.monotonic() - started < END_SECONDS
    state = podman("inspect", "-f", "{{.State.ExitCode}}", installation[role])
    assert state.stdout.strip() == "0"


def test_an_image_trusts_debians_authorities_and_no_others() -> None:
    """The machine that builds may have its own, and mounts them while it builds."""
    code = (
        "from pathlib import Path\n"
        "kept = Path('/usr/share/ca-certificates').rglob('*.crt')\n"
        "bundle = Path('/etc/ssl/certs/ca-certificates.crt').read_text()\n"
        "print(bundle.count('BEGIN') == len([*kept]))"
    )
    for role in ("backend", "modelservice"):
        done = podman("run", "--rm", *HARDENED, name_of(role), "python", "-c", code)
        assert done.stdout == "True\n", done.stderr


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ((), "STUDIO_DATA_DIR: cannot keep a key in /app/data/secret-key: Read-only file system"),
        (("-e", "DB_PASS_FILE=/run/none"), "DB_PASS_FILE: cannot read /run/none: No such file"),
        (("-e", "STUDIO_IDENTITY=keycloak"), "KEYCLOAK_URL is not set"),
    ],
)
def test_what_is_wrong_is_named(flags: tuple[str, ...], sentence: str) -> None:
    key = ("-e", "STUDIO_SECRET_KEY=x") if flags else ()
    where = ("-e", "DB_HOST=127.0.0.1", *key, *flags)
    done = podman("run", "--rm", *HARDENED, *where, name_of("backend"))
    assert done.returncode == 1
    assert any(sentence in line for line in done.stderr.splitlines())
