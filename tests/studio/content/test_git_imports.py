"""Projects from Git, from a real server of it on loopback."""

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.content.models import Commit
from studio.content.services import git_fetch
from tests.git_server import TOKEN, commit_files, git, git_server
from tests.project.example import FILES
from tests.studio.content.test_imports import OTHER, named

NEW = "/api/v1/assistants/import/"


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    commit_files(tmp_path / "bank", FILES)
    commit_files(tmp_path / "bank", OTHER, branch="next/one")
    git(tmp_path / "bank", "checkout", "--quiet", "main")
    return tmp_path


@pytest.fixture
def server(repositories: Path, settings: Any) -> Iterator[str]:
    with git_server(repositories) as address:
        settings.STUDIO_GIT_HOSTS = ["example.org", address]
        yield address


def from_git(client: APIClient, url: str, address: str, **data: Any) -> Any:
    return client.post(url, {"git_address": address, **data}, format="multipart")


def detail(answer: Any) -> str:
    assert (answer.status_code, answer.json()["code"]) == (400, "git_failed"), answer.json()
    return str(answer.json()["detail"])


def test_a_new_assistant_comes_from_a_repository(api_client: APIClient, server: str) -> None:
    made = from_git(api_client, NEW, f"{server}/bank/.git")
    assert made.status_code == 201, made.json()
    base = f"/api/v1/assistants/{made.json()['assistant']['id']}/"
    with zipfile.ZipFile(io.BytesIO(api_client.get(f"{base}export/").content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert api_client.get("/api/v1/git-hosts/").json() == {"hosts": ["example.org", server]}


def test_a_branch_is_previewed_and_imported(api_client: APIClient, base: str, server: str) -> None:
    data = {"git_branch": "next/one", "mode": "replace"}
    seen = from_git(api_client, f"{base}import/", f"{server}/bank/.git", preview="true", **data)
    assert named(seen.json()["diff"])["flow extra"]["action"] == "added"
    assert Commit.objects.count() == 1
    expected = seen.json()["digest"]
    done = from_git(api_client, f"{base}import/", f"{server}/bank/.git", expected=expected, **data)
    assert done.json()["commit"]["door"] == "import"


def test_a_branch_that_moved_is_shown_anew(
    api_client: APIClient, base: str, server: str, repositories: Path
) -> None:
    data = {"mode": "merge"}
    seen = from_git(api_client, f"{base}import/", f"{server}/bank/.git", preview="true", **data)
    commit_files(repositories / "bank", OTHER)
    refused = from_git(
        api_client,
        f"{base}import/",
        f"{server}/bank/.git",
        expected=seen.json()["digest"],
        **data,
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "revision_conflict")


def test_a_folder_of_a_repository(api_client: APIClient, server: str, repositories: Path) -> None:
    files = {f"bots/bank/{path}": content for path, content in FILES.items()}
    commit_files(repositories / "all", {**files, "bots/other/config.yml": b"language: de\n"})
    address = f"{server}/all/.git"
    assert from_git(api_client, NEW, address, git_folder="/bots/bank/").status_code == 201
    assert "folder “none”" in detail(from_git(api_client, NEW, address, git_folder="none"))
    assert "of the repository" in detail(from_git(api_client, NEW, address, git_folder="../x"))


def test_a_private_one_takes_a_token_that_is_kept_nowhere(
    api_client: APIClient, server: str, repositories: Path, caplog: pytest.LogCaptureFixture
) -> None:
    commit_files(repositories / "private/bank", FILES)
    address = f"{server}/private/bank/.git"
    assert "access token" in detail(from_git(api_client, NEW, address))
    assert "access token" in detail(from_git(api_client, NEW, address, git_token="no"))
    made = from_git(api_client, NEW, address, git_token=TOKEN)
    assert made.status_code == 201
    assert TOKEN not in caplog.text + made.content.decode()


def test_what_is_not_there_is_told(api_client: APIClient, server: str, repositories: Path) -> None:
    bank = f"{server}/bank/.git"
    assert detail(from_git(api_client, NEW, bank, git_branch="none")) == (
        "There is no branch of that name."
    )
    assert "no repository" in detail(from_git(api_client, NEW, f"{server}/none/.git"))
    assert "leads to another" in detail(from_git(api_client, NEW, f"{server}/moved/bank/.git"))
    (repositories / "empty").mkdir()
    git(repositories / "empty", "init", "--quiet")
    assert "no commit" in detail(from_git(api_client, NEW, f"{server}/empty/.git"))
    for branch in ("--upload-pack=touch /tmp/x", "a..b", "a b", "-x"):
        assert "no name of a branch" in detail(from_git(api_client, NEW, bank, git_branch=branch))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc",
        "ssh://example.org/bank",
        "git@example.org:bank.git",
        "ext::sh -c touch% /tmp/x",
        "git://example.org/bank",
        "http://example.org/bank",
        "https://example.org:8443/bank",
        "https://example.org.evil.net/bank",
        "https://user:password@example.org/bank",
        "https://example.org\\@evil.net/bank",
        "https://example.org/bank?x=1",
        "https://",
        "https://[::1/bank",
        "https://example.org:x/bank",
        "--upload-pack=x",
        "127.0.0.1/bank",
    ],
)
def test_other_addresses_are_refused(api_client: APIClient, server: str, address: str) -> None:
    assert detail(from_git(api_client, NEW, address))


def test_no_host_is_allowed_until_the_operator_does(api_client: APIClient, settings: Any) -> None:
    assert settings.STUDIO_GIT_HOSTS == []
    assert "STUDIO_GIT_HOSTS" in detail(from_git(api_client, NEW, "https://github.com/a/b"))


def test_a_host_that_leads_into_a_private_network_is_refused(
    api_client: APIClient, server: str, settings: Any
) -> None:
    port = server.rsplit(":", 1)[1]
    settings.STUDIO_GIT_HOSTS = [f"localhost:{port}", "169.254.169.254", "[::ffff:10.0.0.1]"]
    for address in (
        f"localhost:{port}/bank/.git",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/x",
    ):
        assert "private network" in detail(from_git(api_client, NEW, address))


def test_a_repository_is_bounded(
    api_client: APIClient,
    server: str,
    repositories: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noise = random.Random(1).randbytes(400_000)
    commit_files(repositories / "large", {**FILES, "noise.bin": noise})
    settings.IMPORT_MAX_BYTES = 100_000
    assert "larger than" in detail(from_git(api_client, NEW, f"{server}/large/.git"))
    settings.IMPORT_MAX_BYTES = 100_000_000
    monkeypatch.setattr(git_fetch, "_SECONDS", 0)
    assert "longer than" in detail(from_git(api_client, NEW, f"{server}/bank/.git"))


def test_a_small_repository_of_very_many_files_is_counted_first(
    api_client: APIClient, server: str, repositories: Path
) -> None:
    """Trees in trees: ten files ten times over and over are a million, in a few hundred bytes."""
    folder = repositories / "bomb"
    commit_files(folder, {f"f{index}": b"x" for index in range(10)})
    for _ in range(5):
        tree = git(folder, "rev-parse", "HEAD^{tree}")
        entries = "".join(f"040000 tree {tree}\tt{index}\n" for index in range(10))
        made = git(folder, "mktree", given=entries)
        commit = git(folder, "commit-tree", made, "-m", "more")
        git(folder, "update-ref", "HEAD", commit)
    assert "more than 20,000 files" in detail(from_git(api_client, NEW, f"{server}/bomb/.git"))


def test_either_a_file_or_an_address(api_client: APIClient, server: str) -> None:
    assert api_client.post(NEW, {"name": "x"}, format="multipart").status_code == 400
