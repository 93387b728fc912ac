"""What the test suite changes: a throw-away data folder, quick password hashes."""

import os
import tempfile

os.environ.setdefault("STUDIO_DATA_DIR", tempfile.mkdtemp(prefix="studio-test-"))

from studio.settings.base import *  # noqa: F403  settings modules extend one another this way

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
# A real Keycloak that `make test-services` starts is for the processes of tests, not for this one.
STUDIO_IDENTITY, KEYCLOAK_URL = "local", ""
TOKEN_ISSUER = f"{PUBLIC_URL}/auth/realms/{KEYCLOAK_REALM}"  # noqa: F405
# All requests of the suite come from one address; tests of the limits set them.
RATE_LIMIT = RATE_LIMIT_OF_ADDRESS = 0
# A pool would keep sessions open when the test database is to be dropped.
for _database in DATABASES.values():  # noqa: F405  from base
    _database["OPTIONS"].pop("pool", None)
