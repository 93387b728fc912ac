"""`ETag`, `If-Match` and `If-None-Match`: revisions as HTTP knows them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

FLOW = "flows/transfer_money/"
PATTERN = "system-flows/pattern_completed/"


def body_of(path: str, document: dict[str, Any]) -> dict[str, Any]:
    if path == "config/":
        return {"text": document["text"] + "# more\n"}
    return {"body": {**document["body"], "description": "another one"}}


@pytest.mark.parametrize("path", [FLOW, PATTERN, "config/"])
def test_a_write_is_made_only_at_the_revision_of_if_match(
    api_client: APIClient, base: str, path: str
) -> None:
    url = f"{base}{path}"
    read = api_client.get(url)
    etag, revision = read.headers["ETag"], read.json()["revision"]
    assert etag == f'"{revision}"'
    data = {**body_of(path, read.json()), "revision": revision}
    written = api_client.put(url, data, format="json", headers={"If-Match": etag})
    assert (written.status_code, written.headers["ETag"]) == (
        200, f'"{written.json()["revision"]}"'
    )  # fmt: skip
    assert written.headers["ETag"] != etag
    stale = api_client.put(url, data, format="json", headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert stale.json()["revision"] == written.json()["revision"]
    assert api_client.get(url).json() == written.json()
    # Without the header what others changed is merged in, as ever.
    assert api_client.put(url, data, format="json").status_code == 200


def test_a_deletion_is_made_only_at_the_revision_of_if_match(
    api_client: APIClient, base: str
) -> None:
    url = f"{base}{FLOW}"
    etag = api_client.get(url).headers["ETag"]
    assert api_client.delete(url, headers={"If-Match": '"999999"'}).status_code == 412
    assert api_client.delete(url, headers={"If-Match": "twelve"}).status_code == 400
    assert api_client.get(url).headers["ETag"] == etag
    assert api_client.delete(url, headers={"If-Match": etag}).status_code == 204
    assert api_client.get(url).status_code == 404


def test_a_file_that_is_known_is_not_sent_again(api_client: APIClient, base: str) -> None:
    url = f"{base}config/"
    etag = api_client.get(url).headers["ETag"]
    again = api_client.get(url, headers={"If-None-Match": f'"1234", {etag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert api_client.get(url, headers={"If-None-Match": '"1234"'}).status_code == 200


@pytest.mark.parametrize(("path", "new"), [(FLOW, "send_money"), ("slots/amount/", "sum")])
def test_a_renaming_is_made_only_at_the_revision_of_if_match(
    api_client: APIClient, base: str, path: str, new: str
) -> None:
    url = f"{base}{path}"
    read = api_client.get(url)
    data = {"id": new, "revision": read.json()["revision"]}
    stale = api_client.post(f"{url}rename/", data, format="json", headers={"If-Match": '"999999"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert api_client.get(url).json() == read.json()
    etag = read.headers["ETag"]
    renamed = api_client.post(f"{url}rename/", data, format="json", headers={"If-Match": etag})
    assert renamed.status_code == 200
    assert api_client.get(url).status_code == 404
