"""The first page: every assistant with its counts."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.studio.conftest import Import

URL = "/api/v1/assistants/"


def test_home_asks_as_often_at_200_assistants_as_at_10(
    api_client: APIClient,
    import_project: Import,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[CaptureQueriesContext]],
) -> None:
    for number in range(10):
        import_project(name=f"Bank {number}")
    asked = []
    for count in (10, 200):
        for number in range(count):
            api_client.post(URL, {"name": f"Shop {count} {number}"}, format="json")
        with django_assert_max_num_queries(8) as seen:
            page = api_client.get(f"{URL}?page_size=250").json()
        asked.append(len(seen))
    assert page["count"] == 220
    assert {row["flow_count"] for row in page["results"]} == {0, 2}
    assert asked[0] == asked[1]
