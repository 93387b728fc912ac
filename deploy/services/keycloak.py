"""Keycloak, its own distribution from Maven, with its data in PostgreSQL."""

import hashlib
import os
import shutil
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from deploy.services.install import CACHE, ROOT, alone, java, maven, run, say
from deploy.services.service import HOST, Service
from modelservice.service.ports import free_port

ADMIN = "kcadmin"
ADMIN_PASSWORD = "kcadmin"  # noqa: S105  of a throw-away server on loopback
_VERSION = "26.7.3"
# Settings that are fixed when it is built; what is not among them is given at the start.
_BUILT = ("--db=postgres", "--health-enabled=true", "--http-relative-path=/auth")
_THEMES = ROOT / "deploy" / "keycloak" / "themes"


class Keycloak(Service):
    name = "keycloak"

    def __init__(self, directory: Path, port: int, *, database: str) -> None:
        """`database`: host, port and name of a PostgreSQL database, `127.0.0.1:5432/keycloak`."""
        super().__init__(directory, port)
        self._database = database
        self._health = free_port()

    @property
    def url(self) -> str:
        return f"http://{self.address}/auth"

    @property
    def variables(self) -> dict[str, str]:
        return {
            "KEYCLOAK_URL": self.url,
            "KEYCLOAK_ADMIN_USERNAME": ADMIN,
            "KEYCLOAK_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "KEYCLOAK_API_PASSWORD": ADMIN_PASSWORD,
            # One person for each role, with the documented password `rasa`.
            "KEYCLOAK_DEFAULT_USER_CREATION": "true",
        }

    def prepare(self) -> None:
        java()
        _program()

    def command(self) -> list[str]:
        return [
            *(str(_program() / "bin" / "kc.sh"), "start", "--optimized"),
            *(f"--http-host={HOST}", f"--http-port={self.port}", "--http-enabled=true"),
            *("--hostname-strict=false", f"--http-management-port={self._health}"),
            *("--cache=local", "--log-level=WARN"),
        ]

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "KC_DB_URL": f"jdbc:postgresql://{self._database}",
            "KC_DB_USERNAME": "studio",
            "KC_DB_PASSWORD": "unused",
            "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
            "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m",
            # Its life is short and most of it is the start, which takes half with this compiler.
            "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1",
        }

    def is_ready(self) -> bool:
        try:
            url = f"http://{HOST}:{self._health}/auth/health/ready"
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _program() -> Path:
    """Unpacked and built once for these settings and this theme."""
    archive = maven(
        "keycloak",
        "dependency:copy",
        f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{_VERSION}:zip",
    )
    wanted = CACHE / f"keycloak-{_VERSION}-{_fingerprint()}"
    with alone("keycloak-build"):
        if not wanted.is_dir():
            say("Building Keycloak for PostgreSQL, once …")
            fresh = CACHE / "keycloak.new"
            shutil.rmtree(fresh, ignore_errors=True)
            [file] = archive.iterdir()
            with zipfile.ZipFile(file) as distribution:
                distribution.extractall(fresh)
            [program] = fresh.iterdir()
            for script in (program / "bin").glob("*.sh"):
                script.chmod(0o755)
            if _THEMES.is_dir():
                shutil.copytree(_THEMES, program / "themes", dirs_exist_ok=True)
            run([str(program / "bin" / "kc.sh"), "build", *_BUILT])
            program.rename(wanted)
            shutil.rmtree(fresh)
    return wanted


def _fingerprint() -> str:
    digest = hashlib.sha256(" ".join(_BUILT).encode())
    for file in sorted(_THEMES.rglob("*")):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
