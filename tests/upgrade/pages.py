"""What pages show of a database: run as a process of its own, it prints that as JSON.

`python -m tests.upgrade.pages fill` fills an empty database before.
"""

import hashlib
import io
import json
import sys
import zipfile
from typing import Any


def main() -> None:
    import django

    django.setup()
    from studio.accounts.models import User

    if sys.argv[1:] == ["fill"]:
        User.objects.create(username="super", name="Super", roles=["SuperUser"])
        _Client("super").fill()
    json.dump(_Client("super").pages(), sys.stdout, indent=1, sort_keys=True)


class _Client:
    def __init__(self, username: str) -> None:
        from rest_framework.test import APIClient

        from studio.accounts.models import User
        from studio.identity import services, tokens

        self.user = User.objects.get(username=username)
        client = {"client_id": "rasa-studio-backend", "scope": "openid"}
        sign_in = services.sign_in_start(user=self.user, **client)
        token = tokens.issue(user=self.user, sign_in=sign_in, **client)["access_token"]
        self._api = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_HOST="127.0.0.1")

    def ask(self, method: str, path: str, data: Any = None, **options: Any) -> Any:
        options.setdefault("format", "json")
        answer = getattr(self._api, method)(f"/api/v1/{path}", data, **options)
        assert answer.status_code < 300, (path, answer.status_code, answer.content[:500])
        return answer

    def fill(self) -> None:
        """An assistant with edits, a branch, a merge, deletions, a member and a conversation."""
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.utils import timezone

        from studio.accounts.models import User
        from studio.conversations.models import Conversation
        from tests.project.example import FILES, zip_of

        upload = SimpleUploadedFile("bank.zip", zip_of(FILES), "application/zip")
        made = self.ask(
            "post", "assistants/import/", {"file": upload, "name": "Bank"}, format="multipart"
        ).json()
        assistant = made["assistant"]["id"]
        base = f"assistants/{assistant}/"
        flow = self.ask("get", f"{base}flows/transfer_money/").json()
        body = {**flow["body"], "description": "send money to a friend"}
        self.ask("put", f"{base}flows/transfer_money/", {"revision": 1, "body": body})
        self.ask("post", f"{base}branches/", {"name": "draft"})
        self.ask("delete", f"{base}slots/tier/?branch=draft")
        self.ask("post", f"{base}branches/draft/merge/", {"into": "main"})
        self.ask("post", f"{base}flows/help/rename/", {"id": "support", "revision": 1})
        User.objects.create(username="ana", name="Ana", roles=["Business User"])
        self.ask("post", f"{base}members/", {"username": "ana", "role": "Flow Builder"})
        Conversation.objects.create(
            assistant_id=assistant,
            sender_id="somebody",
            started_at=timezone.now(),
            last_event_at=timezone.now(),
        )
        self.ask("post", "assistants/", {"name": "Gone"})
        gone = self.ask("get", "assistants/?search=Gone").json()["results"][0]["id"]
        self.ask("delete", f"assistants/{gone}/")

    def pages(self) -> dict[str, Any]:
        def rows(path: str) -> list[Any]:
            return list(self.ask("get", path).json()["results"])

        assistants = rows("assistants/")
        base = f"assistants/{assistants[0]['id']}/"
        export = zipfile.ZipFile(io.BytesIO(self.ask("get", f"{base}export/").content))
        return {
            "assistants": [one["name"] for one in assistants],
            "deleted": [one["name"] for one in rows("assistants/?deleted=true")],
            "flows": [(one["id"], one["error_count"]) for one in rows(f"{base}flows/?ordering=id")],
            "slots": [one["id"] for one in rows(f"{base}slots/")],
            "commits": [(one["number"], one["door"]) for one in rows(f"{base}commits/")],
            "branches": [one["name"] for one in self.ask("get", f"{base}branches/").json()],
            "members": [(one["user"]["name"], one["role"]) for one in rows(f"{base}members/")],
            "export": {
                name: hashlib.sha256(export.read(name)).hexdigest() for name in export.namelist()
            },
            "conversations": [one["sender_id"] for one in rows("conversations/")],
            "activity": sorted({one["action"] for one in rows("audit/")}),
        }


if __name__ == "__main__":
    main()
