"""What a project's requirements.txt brings its actions, and what of it is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.modelservice.assistants import Assistant, attempt, start, trick_files
from tests.modelservice.conftest import Realm, Service

SLUGS = {
    "slug": "import slugify; dispatcher.utter_message(text=slugify.slugify('Old Books'))",
    "plain": "dispatcher.utter_message(text='plain')",
}


@pytest.fixture(scope="module")
def installing(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    made = Service(
        tmp_path_factory.mktemp("installing"), realm, MODEL_SERVICE_INSTALL_REQUIREMENTS="true"
    )
    yield made
    made.stop()


def assistant_with(
    service: Service, deployment_id: str, requirements: str, bodies: dict[str, str] | None = None
) -> Assistant:
    files = {**trick_files(bodies or SLUGS), "requirements.txt": requirements.encode()}
    return start(service, deployment_id, files)


def environments(service: Service) -> list[Path]:
    folder = service.directory / "environments"
    return [path for path in folder.glob("*") if path.name != "cache"]


def test_package_is_installed_once_and_used(installing: Service) -> None:
    wishes = "# for links\npython-slugify>=8,<9  # any of these\nrasa-sdk==3.6.0\nrasa-pro>=3.10\n"
    first = assistant_with(installing, "slugs", wishes)
    assert attempt(first, "slug", "ana")[0] == "old-books", first.failure()
    [environment] = environments(installing)
    built = (environment / "install.log").stat().st_mtime_ns
    second = assistant_with(installing, "slugs-again", "python-slugify>=8,<9")
    assert attempt(second, "slug", "ana")[0] == "old-books"
    assert environments(installing) == [environment]
    assert (environment / "install.log").stat().st_mtime_ns == built
    order = {"keep_models": [], "older_than_seconds": 0}
    assert installing.http.post("/clean", json=order).json()["environments"] == []
    for name in ("slugs", "slugs-again"):
        installing.http.delete(f"/bot/{name}")
    cleaned = installing.http.post("/clean", json=order).json()
    assert cleaned["environments"] == [environment.name]
    assert cleaned["bytes"] > 1_000_000
    assert environments(installing) == []


@pytest.mark.parametrize(
    ("deployment_id", "requirements", "said"),
    [
        ("nowhere", "no-such-package-of-anybody==1.0", "requirements.txt cannot be installed: "),
        ("old-pydantic", "pydantic<2", "requirements.txt cannot be installed: "),
        ("path", "\n./my-package", "requirements.txt, line 2: “./my-package” is an address or"),
        ("url", "x @ https://127.0.0.1/x.whl", "requirements.txt, line 1: “x @ https://"),
        ("option", "--index-url https://127.0.0.1/", "requirements.txt, line 1: “--index-url"),
        ("nested", "-r other.txt", "requirements.txt, line 1: “-r other.txt” is an option"),
        ("nonsense", "what is this?", "requirements.txt, line 1: “what is this?” is no package"),
    ],
)
def test_requirements_that_cannot_be_had_are_told_and_nothing_is_left(
    installing: Service, deployment_id: str, requirements: str, said: str
) -> None:
    before = environments(installing)
    assistant = assistant_with(installing, deployment_id, requirements)
    attempt(assistant, "plain", "ana")
    failure = assistant.failure()
    assert failure.startswith(f"custom action 'action_plain' is not run: {said}")
    assert "\n" not in failure
    assert environments(installing) == before


def test_where_nothing_is_installed_the_remedy_says_so(service: Service) -> None:
    bodies = {"slug": "import no_such_module"}
    assistant = assistant_with(service, "not-installed", "python-slugify", bodies)
    attempt(assistant, "slug", "ana")
    failure = assistant.failure()
    assert "the module 'no_such_module' is missing" in failure
    assert "MODEL_SERVICE_INSTALL_REQUIREMENTS=true" in failure
    assert environments(service) == []
