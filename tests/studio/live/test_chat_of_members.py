"""Who may chat with an assistant that is closed but for members: asked of the backend's door."""

import asyncio

import aiohttp
import httpx2
import pytest

from tests.running_studio import RunningStudio, studio_alone

ROLES = {"stranger": ["Developer"], "guest": ["Annotator"]}
PASSWORD = "long enough for all"


def token(studio: RunningStudio, username: str) -> str:
    answer = httpx2.post(
        f"{studio.url}/auth/realms/rasa-studio/protocol/openid-connect/token",
        data={
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": username,
            "password": PASSWORD,
            "scope": "openid",
        },
    )
    return str(answer.json()["access_token"])


async def first_word(
    studio: RunningStudio, chat_url: str, username: str, personal: str = ""
) -> int | str:
    """What the chat answers: a type of frame, or the code that it is closed with."""
    async with aiohttp.ClientSession() as session:
        chat = await session.ws_connect(chat_url, headers={"Origin": studio.url})
        name = personal or await asyncio.to_thread(token, studio, username)
        await chat.send_json({"type": "authenticate", "token": name})
        message = await chat.receive()
        if message.type == aiohttp.WSMsgType.TEXT:
            return str(message.json()["type"])
        return chat.close_code or 0


async def test_members_chat_and_others_do_not(tmp_path_factory: pytest.TempPathFactory) -> None:
    with studio_alone(tmp_path_factory.mktemp("studio")) as studio, studio.api() as api:
        for username, roles in ROLES.items():
            person = {"username": username, "name": username, "roles": roles, "password": PASSWORD}
            answer = api.post("users/", json=person)
            assert answer.status_code == 201, answer.text
        made = api.post("assistants/", json={"name": "Bank", "sample": "bank"}).json()["id"]
        version, _seconds = await asyncio.to_thread(studio.trained, api, made)
        url = version["chat_url"]
        assert await first_word(studio, url, "stranger") == "session_confirm"
        assert await first_word(studio, url, "guest") == 4403
        member = {"username": "guest", "role": "Business User"}
        assert api.post(f"assistants/{made}/members/", json=member).status_code == 201
        closed = api.patch(f"assistants/{made}/", json={"members_only": True})
        assert closed.status_code == 200
        assert await first_word(studio, url, "stranger") == 4403
        assert await first_word(studio, url, "guest") == "session_confirm"
        await _programs_chat_too(studio, url)
        # A bot of a deleted assistant is gone with it.
        assert api.delete(f"assistants/{made}/").status_code == 204
        assert await first_word(studio, url, "guest") in {4403, 4404, 4410}


async def _programs_chat_too(studio: RunningStudio, url: str) -> None:
    """By a personal access token of a guest, for what it is for, until it is revoked."""
    headers = {"Authorization": f"Bearer {await asyncio.to_thread(token, studio, 'guest')}"}
    own = httpx2.Client(base_url=f"{studio.url}/api/v1/me/tokens/", headers=headers)
    made = {
        scope: own.post("", json={"name": scope, "scopes": [scope]}).json()
        for scope in ("training", "read")
    }
    assert await first_word(studio, url, "", made["training"]["token"]) == "session_confirm"
    assert await first_word(studio, url, "", made["read"]["token"]) == 4403
    assert own.delete(f"{made['training']['id']}/").status_code == 204
    assert await first_word(studio, url, "", made["training"]["token"]) == 4401
    assert await first_word(studio, url, "", "studio_pat_" + "0" * 64) == 4401
