"""Group `identity`: the check of an access token of a real Keycloak, beside the bare signature."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.services.catalogue import throwaway, variables_of
from tests.bench.figures import Figure
from tests.bench.studio import ROOT
from tests.services.studio_system import StudioSystem

ROUNDS = 5000
# In a process of its own, which has the settings of that Studio.
_MEASURE = """
import json, sys, time, django
django.setup()
import jwt
from studio.accounts.tokens import realm, verify_access_token
token, rounds = sys.stdin.read(), int(sys.argv[1])
key = realm()._keys.key(jwt.get_unverified_header(token)["kid"]).key
def times(act):
    act()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)[int(rounds * 0.95)]
bare = {"algorithms": ["RS256"], "options": {"verify_aud": False}}
print(json.dumps({
    "claims": times(lambda: realm().claims(token)),
    "user": times(lambda: verify_access_token(token)),
    "bare": times(lambda: jwt.decode(token, key, **bare)),
}))
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
    bare = f"p95 of PyJWT's bare signature check {p95['bare']:.3f} ms"
    return [
        Figure("api", "token check, warm keys, p95", p95["claims"], "ms", bare, 1.0),
        Figure("api", "the same with its user in PostgreSQL", p95["user"], "ms", bare, 2.0),
    ]
