"""What tests of several real systems begin with."""

from collections.abc import Iterator

import pytest

from tests.services.studio_system import StudioSystem


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSystem]:
    """Set up once, with the backend running; tests of it leave it as they found it."""
    made = StudioSystem(tmp_path_factory.mktemp("studio"))
    made.manage("migrate", "-v0")
    made.manage("keycloak_setup")
    made.start()
    yield made
    made.stop()
