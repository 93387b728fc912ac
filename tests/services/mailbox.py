"""A mail server on loopback that keeps what it is sent.

`python -m tests.services.mailbox` tells its port and then each mail, in lines of JSON, until its
standard input ends.
"""

import email
import email.policy
import html
import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from modelservice.service.ports import free_port

SENDER = "studio@studio.example"


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    # The one address to open; the mail has it as text and as a link.
    link: str


class Mailbox:
    """Started by `with`."""

    def __init__(self, arrived: Callable[[Mail], None] = lambda mail: None) -> None:
        self.port = free_port()
        self.mails: list[Mail] = []
        # What the server says to a mail, instead of taking it.
        self.refusal = ""
        self._arrived = arrived
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def settings(self) -> dict[str, str]:
        """`smtpServer` of a realm that sends by it."""
        return {"host": "127.0.0.1", "port": str(self.port), "from": SENDER}

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        if self.refusal:
            return self.refusal
        assert isinstance(envelope.content, bytes)
        mail = _read(envelope.content)
        self.mails.append(mail)
        self._arrived(mail)
        return "250 OK"

    def mail_to(self, address: str, *, seconds: float = 10) -> Mail:
        """The newest mail to an address, when it has come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for mail in reversed(self.mails):
                if mail.to == address:
                    return mail
            time.sleep(0.05)
        raise AssertionError(f"no mail to {address} came; there are {self.mails}")


def _read(content: bytes) -> Mail:
    message: Any = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    plain, rich = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    text = str(plain.get_content())
    [link] = set(re.findall(r"https?://\S+", text))
    assert f'href="{link}"' in html.unescape(str(rich.get_content()))
    return Mail(str(message["To"]), str(message["Subject"]), text, link)


def main() -> None:
    def tell(fact: Any) -> None:
        sys.stdout.write(json.dumps(fact) + "\n")
        sys.stdout.flush()

    with Mailbox(lambda mail: tell(asdict(mail))) as mailbox:
        tell({"port": mailbox.port})
        sys.stdin.read()


if __name__ == "__main__":
    main()
