"""How many calls a minute; what each answer says of it, and what the one too many is answered."""

import time
import uuid
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from studio.accounts.roles import Role
from studio.common import rate_counter
from tests.conftest import AsUser, with_personal_token

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"
# In the first second of a minute, so that a test is over before it is.
BEGIN = (int(time.time()) // 60 + 1) * 60


@pytest.fixture(autouse=True)
def limits(settings: Any) -> Any:
    settings.RATE_LIMIT, settings.RATE_LIMIT_OF_ADDRESS = 3, 2
    memory = "django.core.cache.backends.locmem.LocMemCache"
    rates = {"BACKEND": memory, "LOCATION": str(uuid.uuid4())}
    settings.CACHES = {**settings.CACHES, "rates": rates}
    with time_machine.travel(BEGIN, tick=False):
        yield


def left(answer: Any) -> tuple[str, str, str]:
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    limit, remaining, reset = (answer.get(name, "") for name in names)
    return limit, remaining, reset


def test_each_answer_says_what_is_left_and_the_one_too_many_when_to_come_back(
    as_user: AsUser,
) -> None:
    client = as_user(Role.DEVELOPER)
    assert [left(client.get(ME)) for _ in range(3)] == [
        ("3", "2", "60"),
        ("3", "1", "60"),
        ("3", "0", "60"),
    ]
    with time_machine.travel(BEGIN + 20, tick=False):
        refused = client.get(ME)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused["Content-Type"] == "application/problem+json"
    assert (refused["Retry-After"], left(refused)) == ("40", ("3", "0", "40"))
    with time_machine.travel(BEGIN + 61, tick=False):
        assert client.get(ME).status_code == 200


def test_people_and_tokens_count_for_themselves(as_user: AsUser, settings: Any) -> None:
    owner, other = as_user(Role.DEVELOPER), as_user(Role.DEVELOPER)
    program = with_personal_token(owner, "read")
    for _ in range(3):
        assert program.get(ME).status_code == 200
    assert program.get(ME).status_code == 429
    assert left(owner.get(ME)) == ("3", "1", "60"), "making the token was the other call"
    assert left(other.get(ME)) == ("3", "2", "60")


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Basic YTpi"])
def test_without_a_good_token_the_address_counts(as_user: AsUser, header: str) -> None:
    nobody = APIClient(HTTP_AUTHORIZATION=header) if header else APIClient()
    assert [nobody.get(ME).status_code for _ in range(3)] == [401, 401, 429]
    assert nobody.get(ME, REMOTE_ADDR="10.0.0.9").status_code == 401
    assert as_user(Role.DEVELOPER).get(ME).status_code == 200, "from the same address"


def test_an_address_that_somebody_made_up_is_not_believed(settings: Any) -> None:
    seen = [APIClient().get(ME, headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(3)]
    assert seen[-1].status_code == 429
    settings.TRUSTED_PROXIES = 1
    assert APIClient().get(ME, headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/api/v1/me/", "/api/v1/no/such/", "/api/nothing", "/api/schema/", "/api/docs/"]
)
def test_every_answer_of_the_api_is_counted(as_user: AsUser, path: str) -> None:
    assert left(as_user().get(path)) == ("3", "2", "60")


def test_graphql_is_counted_and_refuses_in_its_shape(as_user: AsUser) -> None:
    client = as_user(Role.DEVELOPER)
    body = {"query": "{ __typename }"}
    for _ in range(3):
        assert client.post("/api/graphql/", body, "json").status_code == 200
    refused = client.post("/api/graphql/", body, "json")
    assert refused.status_code == 429
    assert "Go on in 60 seconds" in refused.json()["errors"][0]["message"]


def test_probes_and_the_sign_in_are_not_counted() -> None:
    for path in ("/api/health", "/auth/realms/rasa-studio", "/config.js"):
        answers = [APIClient().get(path) for _ in range(5)]
        assert {answer.status_code for answer in answers} == {200}
        assert left(answers[-1]) == ("", "", "")


def test_zero_is_no_limit(as_user: AsUser, settings: Any) -> None:
    settings.RATE_LIMIT = settings.RATE_LIMIT_OF_ADDRESS = 0
    client = as_user()
    answers = [client.get(ME) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert left(answers[-1]) == ("", "", "")


def test_without_redis_requests_go_on_and_the_log_says_so(
    as_user: AsUser,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    redis = {
        "BACKEND": "studio.common.redis_rates.RatesInRedis",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
    settings.CACHES = {**settings.CACHES, "rates": redis}
    monkeypatch.setattr(rate_counter.counter, "_paused_until", 0.0)
    client = as_user()
    answers = [client.get(ME) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    warnings = [each for each in caplog.records if "calls are not counted" in each.message]
    assert len(warnings) == 1
    monkeypatch.setattr(rate_counter.counter, "_paused_until", 0.0)


def test_a_token_is_verified_once_a_request(
    as_user: AsUser, django_assert_num_queries: Any
) -> None:
    client = as_user()
    with django_assert_num_queries(1):
        client.get(ME)
