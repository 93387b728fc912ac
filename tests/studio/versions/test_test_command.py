"""`manage.py test`, with a real model service."""

from typing import Any

import pytest

from tests.commands import ended
from tests.conftest import AsUser
from tests.modelservice.conftest import Service
from tests.studio.conftest import Import
from tests.studio.versions.conftest import FILES
from tests.studio.versions.test_e2e_runs import TESTS


@pytest.fixture
def tested(import_project: Import, service: Service, settings: Any) -> None:
    settings.TRAINING_POLLING_INTERVAL_MS = 20
    import_project({**FILES, "e2e_tests/tea.yml": TESTS}, name="Tested")
    assert ended("versions", "train", "Tested", "--name", "1.0").code == 0


def test_each_case_and_what_differs_first(tested: None, as_user: AsUser) -> None:
    as_user("Business User", username="bea")
    end = ended("test", "Tested", "--as", "bea")
    assert (end.code, end.refusal) == (1, "Failed: 1, passed: 1."), end
    head, tea, coffee = end.output.splitlines()
    assert head.split() == ["outcome", "file", "case", "what", "differs"]
    assert tea.split() == ["passed", "e2e_tests/tea.yml", "a", "tea", "-"]
    assert coffee.startswith("FAILED   e2e_tests/tea.yml:11  no coffee  ")
    assert "One coffee." in coffee
    end = ended("test", "Tested", "--json")
    assert end.code == 1
    assert [case["passed"] for case in end.document["cases"]] == [True, False]


def test_one_case_against_a_version_by_its_name(tested: None) -> None:
    end = ended("test", "Tested", "--version", "1.0", "-k", "e2e_tests/tea.yml::a tea")
    # Where it takes long, its progress is told before.
    assert (end.code, end.errors.splitlines()[-1]) == (0, "Passed: 1."), end


def test_what_cannot_be_run_ends_with_another_code(tested: None, as_user: AsUser) -> None:
    as_user("Conversation Viewer", username="cora")
    for words, said in (
        (("Tested", "--version", "9"), "There is no trained version “9”."),
        (("Tested", "--file", "e2e_tests/none.yml"), "none.yml"),
        (("Nothing",), "There is no assistant “Nothing”."),
        (("Tested", "--as", "cora"), "needs one of the roles"),
    ):
        end = ended("test", *words)
        assert end.code == 2, end
        assert said in end.refusal


def test_a_service_that_is_away_is_named(tested: None, settings: Any) -> None:
    settings.MS_API_URL = "http://127.0.0.1:9"
    end = ended("test", "Tested")
    assert end.code == 2
    assert "127.0.0.1:9 does not answer" in end.refusal
