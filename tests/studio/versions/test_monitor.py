"""The monitor in the server's event loop: a browser hears of every move of a version."""

from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import channel_layers

from tests.modelservice.conftest import Service
from tests.studio.live.lifespan import running_application
from tests.studio.live.test_live import client_of, post, subscribed

pytestmark = pytest.mark.django_db(transaction=True)
FLOW = {"description": "order tea", "steps": [{"action": "utter_tea"}]}


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def chat_url(client: Any, url: str) -> str:
    return str(client.get(url).json()["chat_url"])


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def delete(client: Any, url: str) -> int:
    return int(client.delete(url).status_code)


async def test_browser_hears_of_training_readiness_and_deletion(service: Service) -> None:
    channel_layers.backends.clear()
    async with running_application():
        await follow_a_version()


async def follow_a_version() -> None:
    client, token = await client_of("SuperUser")
    made = await post(client, "/api/v1/assistants/", {"name": "Tea"})
    base = f"/api/v1/assistants/{made['id']}/"
    await post(client, f"{base}responses/", {"id": "utter_tea", "body": [{"text": "Tea"}]})
    await post(client, f"{base}flows/", {"id": "order_tea", "body": FLOW})
    browser = await subscribed(token, made["id"])
    version = await post(client, f"{base}versions/", {})
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["status"] not in {"ready", "failed"}:
        message = await browser.receive_json_from(timeout=20)
        if message["type"] == "version.changed":
            seen.append(message["version"])
    statuses = list(dict.fromkeys(each["status"] for each in seen))
    assert statuses == ["training", "deploying", "ready"], seen
    assert seen[-1]["chat_url"] == f"ws://studio.test/talk/{version['id']}-1/"
    url = f"{base}versions/{version['id']}/"
    assert "testserver" in await chat_url(client, url)
    assert await delete(client, url) == 204
    message = await browser.receive_json_from(timeout=20)
    assert message == {"type": "version.deleted", "assistant": made["id"], "id": version["id"]}
    await browser.disconnect()
