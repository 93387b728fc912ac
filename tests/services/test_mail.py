"""Mails of a real Keycloak by a real mail server: what administrators are told of invitations.

What people do with the mails is in frontend/e2e/services/mail.spec.ts.
"""

import socket
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.services.mailbox import Mailbox
from tests.services.studio_system import StudioSystem


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


class Office:
    """An administrator with one person to invite."""

    def __init__(self, studio: StudioSystem, username: str, **facts: Any) -> None:
        self._studio, self._token = studio, studio.token("superuser")
        self.email = f"{username}@studio.example"
        person = {"username": username, "email": self.email, "enabled": True, **facts}
        with studio.admin() as admin:
            self.person_id = admin.post(f"/{studio.realm}/users", person)

    def send_by(self, settings: dict[str, str]) -> None:
        with self._studio.admin() as admin:
            admin.put(f"/{self._studio.realm}", {"smtpServer": settings})

    def give(self, *roles: str) -> None:
        url = f"users/{self.person_id}/"
        changed = self._studio.rest(self._token, url, "PATCH", {"roles": roles})
        assert changed.status_code == 200, changed.text

    def invite(self) -> httpx2.Response:
        return self._studio.rest(self._token, f"users/{self.person_id}/invite/", "POST")

    def account(self) -> Any:
        with self._studio.admin() as admin:
            return admin.get(f"/{self._studio.realm}/users/{self.person_id}")

    def recorded(self) -> list[str]:
        entries = self._studio.rest(self._token, "audit/?action=user.invited").json()["results"]
        return [entry["actor"] for entry in entries if entry["target_id"] == self.person_id]


def test_an_invitation_arrives_and_is_recorded(studio: StudioSystem, mailbox: Mailbox) -> None:
    office = Office(studio, "mara")
    office.send_by(mailbox.settings)
    answer = office.invite()
    assert (answer.status_code, answer.json()["sent"]) == (200, True)
    mail = mailbox.mail_to(office.email)
    assert mail.link.startswith(f"{studio.issuer}/login-actions/action-token?")
    page = httpx2.get(mail.link, follow_redirects=True)
    assert "choose a password" in page.text
    assert office.recorded() == ["superuser"]


@pytest.mark.parametrize("trouble", ["away", "unknown", "deaf", "refusing"])
def test_a_mail_server_that_takes_nothing_is_said_and_changes_nothing(
    studio: StudioSystem, mailbox: Mailbox, trouble: str
) -> None:
    office = Office(studio, f"omar-{trouble}")
    office.give("Developer")
    before = office.account()
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings = {
            "away": {**mailbox.settings, "port": "1"},
            "unknown": {**mailbox.settings, "host": "mail.invalid"},
            "deaf": {**mailbox.settings, "port": str(deaf.getsockname()[1])},
            "refusing": mailbox.settings,
        }
        mailbox.refusal = "550 No such person here"
        office.send_by(settings[trouble])
        answer = office.invite()
    told = answer.json()
    assert (answer.status_code, told["code"]) == (502, "mail_not_sent")
    assert told["detail"] == (
        f"Keycloak's mail server is away, or takes no mail to {office.email}. The account is as it "
        "was. Test the connection in Keycloak under Realm settings, Email; then invite again."
    )
    assert told["console_url"].endswith(f"#/{studio.realm}/realm-settings/email")
    assert office.account() == before
    assert office.recorded() == []
    mailbox.refusal = ""
    office.send_by(mailbox.settings)
    assert office.invite().json()["sent"] is True
    mailbox.mail_to(office.email)


@pytest.mark.parametrize(
    ("username", "facts", "sentence"),
    [
        (
            "nobody",
            {"email": ""},
            "nobody has no email address. Give it in Keycloak, then invite again.",
        ),
        (
            "away",
            {"enabled": False},
            "away is switched off. Switch the account on in Keycloak, then invite.",
        ),
    ],
)
def test_who_cannot_be_invited_is_said_with_the_page_that_mends_it(
    studio: StudioSystem,
    mailbox: Mailbox,
    username: str,
    facts: dict[str, Any],
    sentence: str,
) -> None:
    office = Office(studio, username, **facts)
    office.send_by(mailbox.settings)
    answer = office.invite()
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "kept_elsewhere")
    assert told["detail"] == sentence
    assert office.person_id in told["console_url"]
    assert mailbox.mails == []
    assert office.recorded() == []
