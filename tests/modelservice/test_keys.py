"""The bridge's keys: kept while the realm is away, and new ones taken when they appear."""

import asyncio
import time
from typing import Any

import pytest
import time_machine
from joserfc.jwk import RSAKey

from modelservice import settings
from modelservice.bridge.bot_connection import http_session
from modelservice.bridge.identity import IdentityAway, NotAuthenticated, Verifier
from modelservice.common import key_ring
from tests.modelservice.conftest import Realm


@pytest.fixture
def own_realm(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = Realm()
    monkeypatch.setattr(settings, "KEYCLOAK_URL", made.url)
    monkeypatch.setattr(settings, "TOKEN_ISSUER", f"{made.url}/realms/rasa-studio")
    yield made
    made.server.shutdown()


def accepted(verifier: Verifier, token: str) -> bool:
    return asyncio.run(_accepted(verifier, token))


async def _accepted(verifier: Verifier, token: str) -> bool:
    try:
        return (await verifier.visitor(token, "a-bot")).subject == "somebody"
    except (NotAuthenticated, IdentityAway):
        return False
    finally:  # the session of this loop, which ends here
        await http_session().close()
        http_session.cache_clear()


def test_known_keys_outlive_a_realm_that_is_away(
    own_realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier, token = Verifier(), own_realm.token("Developer")
    assert accepted(verifier, token)
    own_realm.server.server_close()
    own_realm.server.shutdown()
    monkeypatch.setattr(key_ring, "KEYS_SECONDS", 0)
    assert accepted(verifier, token)
    assert not accepted(Verifier(), token), "without ever having had the key"


def test_a_new_key_is_taken(own_realm: Realm) -> None:
    verifier = Verifier()
    assert accepted(verifier, own_realm.token("Developer"))
    own_realm.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    assert accepted(verifier, own_realm.token("Developer"))


@pytest.mark.parametrize(("ahead", "good"), [(58, True), (-58, True), (-65, False), (365, False)])
def test_clocks_may_be_a_minute_apart(own_realm: Realm, ahead: int, *, good: bool) -> None:
    token = own_realm.token("Developer")
    with time_machine.travel(time.time() + ahead, tick=True):
        assert accepted(Verifier(), token) is good
