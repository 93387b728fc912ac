"""The Rasa CLI with people of a real Keycloak, and content in PostgreSQL."""

import pytest

from tests.cli.at_once import push_at_once
from tests.cli.client import VERSIONS, LocalProject, Refused
from tests.cli.example import project
from tests.cli.signed_in import Login
from tests.cli.walk import walk
from tests.services.studio_system import PASSWORD, StudioSystem


def login_of(studio: StudioSystem) -> Login:
    return Login(studio.url, identity=f"{studio.keycloak_url}/", realm=studio.realm)


def test_developers_do_it_all(studio: StudioSystem, project: LocalProject) -> None:
    login = login_of(studio)
    assert login.is_reachable()
    login.sign_in("developer", PASSWORD)
    for version in VERSIONS:
        walk(login.client(version), f"bank of {version}", project)


def test_two_people_at_once(studio: StudioSystem, project: LocalProject) -> None:
    ana, ben = login_of(studio), login_of(studio)
    ana.sign_in("developer", PASSWORD)
    ben.sign_in("superuser", PASSWORD)
    push_at_once(ana.client("3.21"), ben.client("3.21"), "at once", project)


def test_others_are_told_what_they_lack(studio: StudioSystem, project: LocalProject) -> None:
    developer, annotator = login_of(studio), login_of(studio)
    developer.sign_in("developer", PASSWORD)
    developer.client("3.21").upload("theirs", project)
    annotator.sign_in("leadannotator", PASSWORD)
    assert annotator.client("3.21").export("theirs").flows == project.flows
    project.flows["help"]["description"] = "tell what is possible"
    with pytest.raises(Refused, match="This needs one of the roles"):
        annotator.client("3.21").push("theirs", project)


__all__ = ["project"]
