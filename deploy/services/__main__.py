"""`python -m deploy.services up|down|status|env`, `… run NAME,NAME COMMAND…`.

`up` starts all of them in the background, on fixed ports and with data that stays, and prints the
variables that tell Studio of them. `run` has its own, on free ports, for as long as a command runs.
Where a Docker engine answers, `up` and `down` are Docker Compose's; `run` never is.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from deploy.services.catalogue import NAMES, build, throwaway, variables_of
from deploy.services.install import ROOT, CannotInstall, say
from deploy.services.service import NotStarted, Service, answers

DIRECTORY = Path(os.environ.get("STUDIO_SERVICES_DIR") or ROOT / ".data" / "services").resolve()
# Of `up`: one apart from the usual ports, so that nothing that is installed is in the way.
_FIRST_PORT = int(os.environ.get("STUDIO_SERVICES_PORT") or 15432)
_COMPOSE = ["docker", "compose", "-f", str(Path(__file__).parent / "compose.yml")]


def _kept() -> list[Service]:
    ports = list(range(_FIRST_PORT, _FIRST_PORT + len(NAMES)))
    return build(NAMES, DIRECTORY, ports, durable=True)


def up() -> int:
    if _has_docker():
        command = [*_COMPOSE, "up", "--detach", "--wait"]
        return subprocess.call(command, stdout=sys.stderr) or print_variables()
    services = _kept()
    running = _running(services)
    for service in services:
        if service.name in running:
            continue
        if answers(service.port):
            say(
                f"Port {service.port} is in use, {service.name} cannot start. "
                "Choose other ports: STUDIO_SERVICES_PORT=25432"
            )
            return 1
        say(f"Starting {service.name} …")
        try:
            service.start()
        finally:
            _note(services)
    return print_variables()


def down() -> int:
    if _has_docker():
        return subprocess.call([*_COMPOSE, "down"])
    services = _kept()
    _running(services)
    for service in reversed(services):
        service.stop()
    _note(services)
    return 0


def status() -> int:
    services = _kept()
    running = _running(services)
    for service in services:
        print(
            f"{service.name:<10} {service.address:<16} {'runs' if service.name in running else '-'}"
        )
    return 0 if len(running) == len(services) else 3


def print_variables() -> int:
    """As `export` lines, to be read by a shell."""
    for name, value in variables_of(_kept()).items():
        print(f"export {name}={value}")
    return 0


def run(names: tuple[str, ...], command: list[str]) -> int:
    with throwaway(names) as services:
        return subprocess.call(command, env={**os.environ, **variables_of(services)})


def _has_docker() -> bool:
    try:
        done = subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _state() -> Path:
    return DIRECTORY / "running.json"


def _running(services: list[Service]) -> set[str]:
    """Names of those that still run, each taken over."""
    known = json.loads(_state().read_text()) if _state().exists() else {}
    return {
        service.name
        for service in services
        if service.name in known and service.adopt(*known[service.name])
    }


def _note(services: list[Service]) -> None:
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    running = {
        service.name: (service.process.pid, service.process.create_time())
        for service in services
        if service.process is not None and service.process.is_running()
    }
    _state().write_text(json.dumps(running))


def main(arguments: list[str]) -> int:
    simple = {"up": up, "down": down, "status": status, "env": print_variables}
    try:
        match arguments:
            case [word] if word in simple:
                return simple[word]()
            case ["run", names, *command] if command and set(names.split(",")) <= set(NAMES):
                return run(tuple(names.split(",")), command)
    except (CannotInstall, NotStarted) as problem:
        say(str(problem))
        return 1
    say(f"{__doc__}\nServices: {', '.join(NAMES)}")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
