"""One Kubernetes API for all tests; each test has a namespace of its own."""

from collections.abc import Iterator

import pytest

from tests.cluster.kube import Kubernetes


@pytest.fixture(scope="session")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubernetes]:
    made = Kubernetes(tmp_path_factory.mktemp("kubernetes"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def space(kubernetes: Kubernetes, request: pytest.FixtureRequest) -> str:
    name = request.node.name.lower().replace("_", "-").replace("[", "-").replace("]", "")
    return kubernetes.make_namespace(f"{name.replace(' ', '-')[-40:].strip('-')}")
