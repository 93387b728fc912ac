"""`make up` and `make up-full`: all of Studio on this machine, in the foreground, on one origin.

What differs between the two are variables: which database, which sign-in, which events. Migrates,
creates the user `admin` or prepares the realm of Keycloak, starts backend, model service and
ingestion, prints where to go, starts again what ends by itself, and ends all of them on Ctrl-C or
TERM. What each process says is in `<data folder>/logs/`.
"""

import contextlib
import os
import secrets
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from deploy.scripts.parts import Part, end, look_after

START_SECONDS = 60
_SERVICE_URL = "model-service-url"


class Stopped(Exception):
    """Somebody asked us to end."""


def main() -> int:
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.base")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    from django.conf import settings

    parts: list[Part] = []
    service_data = settings.STUDIO_DATA_DIR / "model-service"
    try:
        return _run(parts, service_data)
    except Stopped:
        print("\nStopping …", flush=True)
        return 0
    finally:
        _end(parts, service_data)


def _run(parts: list[Part], service_data: Path) -> int:
    from django.conf import settings
    from django.core.management import CommandError

    from modelservice.service.ports import free_port

    host, port = settings.STUDIO_HOST, settings.STUDIO_PORT
    if not _is_free(host, port):
        print(
            f"Port {port} is in use. Stop what uses it, or choose another: STUDIO_PORT=8080 make up"
        )
        return 1
    logs = settings.STUDIO_DATA_DIR / "logs"
    logs.mkdir(exist_ok=True)
    origin = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104  compared, not bound
    service_port = free_port()
    service = f"http://127.0.0.1:{service_port}"
    # For commands that are run beside it.
    (settings.STUDIO_DATA_DIR / _SERVICE_URL).write_text(service, encoding="ascii")
    secret = {"MODEL_SERVICE_SECRET_FILE": str(_service_secret(settings.STUDIO_DATA_DIR))}
    own = {
        **secret,
        "RASA_MODEL_SERVER_HOST": "127.0.0.1",
        "RASA_MODEL_SERVER_PORT": str(service_port),
        "RASA_MODEL_SERVER_BASE_DIRECTORY": str(service_data),
        "RASA_MODEL_SERVER_BASE_URL": f"{origin}/talk",
        "MODEL_SERVICE_EVENT_DIRECTORIES": str(settings.EVENTS_DIR),
        "STUDIO_URL": origin,
        # On this machine its users decide what is installed; an operator's word comes first.
        "MODEL_SERVICE_INSTALL_REQUIREMENTS": os.environ.get(
            "MODEL_SERVICE_INSTALL_REQUIREMENTS", "true"
        ),
        "KEYCLOAK_URL": settings.KEYCLOAK_URL or f"{origin}/auth",
        "KEYCLOAK_ISSUER": settings.TOKEN_ISSUER,
        "DJANGO_SETTINGS_MODULE": "modelservice.settings",
    }
    # It needs no database, so it starts while the database is being prepared.
    parts.append(_part("model service", logs, own, "-m", "modelservice"))
    try:
        sign_in = _prepare()
    except CommandError as error:
        print(error)
        return 1
    problems = settings.STUDIO_DATA_DIR / "parts.json"
    problems.unlink(missing_ok=True)
    backend = {
        **secret,
        "MS_API_URL": service,
        "STUDIO_TALK_UPSTREAM": service,
        "STUDIO_PARTS_FILE": str(problems),
    }
    parts.append(_part("backend", logs, backend, "-m", "studio"))
    parts.append(_part("ingestion", logs, {}, "manage.py", "ingest"))
    for url in (f"{service}/", f"{origin}/api/health"):
        if not _wait_for(url, parts):
            return _report_dead(parts, logs)
    _greet(origin, sign_in, logs)
    look_after(parts, problems)
    return _report_dead(parts, logs)


def _prepare() -> list[tuple[str, str]]:
    """Migrate, and see that somebody can sign in; how, as lines of a table."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("check")
    return _prepare_realm() if settings.STUDIO_IDENTITY == "keycloak" else _prepare_admin()


def _prepare_realm() -> list[tuple[str, str]]:
    """Where we know the administrator of Keycloak, its realm is brought to what Studio needs."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.KEYCLOAK_ADMIN_PASSWORD:
        call_command("keycloak_setup")
    people = settings.KEYCLOAK_DEFAULT_USER_CREATION
    known = [("User", f"superuser, password {settings.KEYCLOAK_DEFAULT_USER_PASSWORD}")]
    console = f"{settings.KEYCLOAK_URL}/admin/{settings.KEYCLOAK_REALM}/console/"
    administrator = os.environ.get("KEYCLOAK_ADMIN_USERNAME", "kcadmin")
    return [
        *(known if people else []),
        ("Sign in at", f"{settings.KEYCLOAK_URL}/realms/{settings.KEYCLOAK_REALM}"),
        ("Users are kept at", f"{console} by {administrator}"),
    ]


def _prepare_admin() -> list[tuple[str, str]]:
    """Create `admin` once; its password, if it is still the one that we made."""
    from django.conf import settings

    from studio.accounts import services
    from studio.accounts.models import User
    from studio.accounts.roles import Role

    path: Path = settings.STUDIO_DATA_DIR / "admin-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(os.environ.get("STUDIO_ADMIN_PASSWORD") or secrets.token_urlsafe(9))
    password = path.read_text()
    user = User.objects.filter(username="admin").first()
    if user is None:
        user = services.user_create(
            username="admin", password=password, roles=[Role.SUPER_USER], name="Admin"
        )
    return [("User", "admin"), ("Password", password)] if user.check_password(password) else []


def _service_secret(data: Path) -> Path:
    """The file of the secret that backend and model service share, a new one at each start. In a
    file, because others of this machine may see the environment of a process."""
    path = data / "model-service-secret"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path


def _part(name: str, logs: Path, variables: dict[str, str], *arguments: str) -> Part:
    log = logs / f"{name.replace(' ', '-')}.log"
    return Part(name, log, variables, arguments, ROOT)


def _wait_for(url: str, parts: list[Part]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if any(part.ended for part in parts):
            return False
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own http address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _greet(origin: str, sign_in: list[tuple[str, str]], logs: Path) -> None:
    lines = ["", f"  Studio is ready:  {origin}"]
    if sign_in:
        lines += ["", *(f"  {name:<17} {value}" for name, value in sign_in)]
    lines += ["", f"  Logs              {logs}", "  Stop              Ctrl-C", ""]
    print("\n".join(lines), flush=True)


def _report_dead(parts: list[Part], logs: Path) -> int:
    for part in parts:
        if part.ended:
            print(f"The {part.name} has ended with code {part.process.returncode}.", end=" ")
            print(f"The end of {part.log}:\n")
            print("\n".join(part.log.read_text(errors="replace").splitlines()[-15:]), flush=True)
            return 1
    print(f"Studio did not answer within {START_SECONDS} seconds. See {logs}.", flush=True)
    return 1


def _end(parts: list[Part], service_data: Path) -> None:
    """End all that was started; also assistants, which outlive a model service that was killed."""
    from modelservice.service.processes import marked

    _ignore_signals()
    end(parts)
    if parts:
        (service_data.parent / _SERVICE_URL).unlink(missing_ok=True)
    for process in marked(str(service_data.resolve())) if parts else ():
        with contextlib.suppress(psutil.Error):
            process.kill()


def _stop(number: int, frame: FrameType | None) -> None:
    _ignore_signals()  # `make` passes on what the terminal has already sent to us
    raise Stopped


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
