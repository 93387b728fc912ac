"""Group `identity`: the check of an access token of a real Keycloak, beside the bare signature."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.services.catalogue import throwaway, variables_of
from tests.bench.figures import Figure
from tests.running_studio import ROOT
from tests.services.studio_system import StudioSystem

ROUNDS = 2000
# In a process of its own, which has the settings of that Studio.
_MEASURE = """
import json, sys, time, django
django.setup()
import jwt
from django.db import connection
from studio.accounts.tokens import realm, verify_access_token
token, rounds = sys.stdin.read(), int(sys.argv[1])
key = realm()._keys.key(jwt.get_unverified_header(token)["kid"]).key
bare = {"algorithms": ["RS256"], "options": {"verify_aud": False}}
def select():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
acts = {
    "claims": lambda: realm().claims(token),
    "user": lambda: verify_access_token(token),
    "bare": lambda: jwt.decode(token, key, **bare),
    "select": select,
}
taken = {name: [] for name in acts}
for _ in range(rounds):  # in turn, so that what else the machine does falls on each
    for name, act in acts.items():
        begun = time.perf_counter()
        act()
        taken[name].append((time.perf_counter() - begun) * 1000)
print(json.dumps({name: sorted(times)[int(rounds * 0.95)] for name, times in taken.items()}))
"""


def measure() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="studio-bench-"))
    with throwaway(("postgres", "keycloak")) as services:
        studio = StudioSystem(folder, variables_of(services))
        studio.manage("migrate", "-v0")
        studio.manage("keycloak_setup")
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(ROUNDS)],
            cwd=ROOT,
            env={**studio.environment, "PYTHONPATH": os.fspath(ROOT)},
            input=studio.token("superuser"),
            capture_output=True,
            text=True,
            check=True,
        )
    p95 = json.loads(done.stdout)
    reference = (
        f"PyJWT's bare signature check {p95['bare']:.3f} ms; the check and its user from "
        f"PostgreSQL {p95['user']:.3f} ms, a bare SELECT 1 {p95['select']:.3f} ms"
    )
    return [Figure("api", "token check, warm keys, p95", p95["claims"], "ms", reference, 1.0)]
