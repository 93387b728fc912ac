"""Files of a project over HTTP: listed, read, written, moved, deleted; and what is refused."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.project.example import FILES

CODE = "actions/actions.py"
TEST = "e2e_tests/transfer.yml"


def add(client: APIClient, base: str, path: str, content: bytes) -> Any:
    upload = SimpleUploadedFile("file", content)
    return client.post(f"{base}files/", {"path": path, "file": upload}, format="multipart")


def read(client: APIClient, base: str, path: str) -> Any:
    return client.get(f"{base}files/{path}/").json()


def write(client: APIClient, base: str, path: str, revision: int, text: str) -> Any:
    data = {"revision": revision, "body": text}
    return client.put(f"{base}files/{path}/", data, format="json")


def test_every_file_of_the_project_is_listed(api_client: APIClient, base: str) -> None:
    rows = {row["path"]: row for row in api_client.get(f"{base}files/").json()["results"]}
    assert rows.keys() == FILES.keys()
    assert rows[TEST] == {
        "path": TEST,
        "size": len(FILES[TEST]),
        "what": "end-to-end tests; run on the page Tests",
        "items": [],
    }
    assert {entry["kind"] for entry in rows["data/flows/transfer.yml"]["items"]} == {"flow"}
    for path, content in FILES.items():
        assert read(api_client, base, path)["body"].encode() == content, path


def test_a_file_is_written_and_says_what_is_wrong(api_client: APIClient, base: str) -> None:
    file = read(api_client, base, TEST)
    assert (file["edited_as"], file["findings"]) == ("text", [])
    broken = write(api_client, base, TEST, file["revision"], "test_cases:\n- [\n").json()
    assert (broken["findings"][0]["line"], broken["body"]) == (3, "test_cases:\n- [\n")
    again = write(api_client, base, TEST, broken["revision"], "test_cases: []\n").json()
    assert again["findings"] == []
    # What is typed within minutes is one entry of the history.
    history = api_client.get(f"{base}commits/?kind=file&key={TEST}").json()["results"]
    assert len(history) == 2


def test_lines_of_two_people_are_merged(api_client: APIClient, base: str) -> None:
    made = add(api_client, base, "docs/fees.md", b"one\ntwo\nthree\n").json()
    write(api_client, base, "docs/fees.md", made["revision"], "ONE\ntwo\nthree\n")
    merged = write(api_client, base, "docs/fees.md", made["revision"], "one\ntwo\nTHREE\n")
    assert merged.json()["body"] == "ONE\ntwo\nTHREE\n"
    # Also on a state that was saved over within the same entry.
    late = write(api_client, base, "docs/fees.md", made["revision"], "eins\ntwo\nthree\n")
    assert (late.status_code, late.json()["code"]) == (409, "revision_conflict")
    assert late.json()["current"]["body"] == "ONE\ntwo\nTHREE\n"
    assert read(api_client, base, "docs/fees.md")["body"] == "ONE\ntwo\nTHREE\n"


@pytest.mark.parametrize("path", [TEST, "config.yml", "prompts/command_generator.jinja2"])
def test_if_match_writes_only_at_that_revision(api_client: APIClient, base: str, path: str) -> None:
    file = read(api_client, base, path)
    data = {"revision": file["revision"], "body": f"{file['body']}# one\n"}
    first = api_client.put(
        f"{base}files/{path}/", data, format="json", headers={"If-Match": f'"{file["revision"]}"'}
    )
    assert first.status_code == 200
    late = api_client.put(
        f"{base}files/{path}/", data, format="json", headers={"If-Match": f'"{file["revision"]}"'}
    )
    assert (late.status_code, late.json()["revision"]) == (412, first.json()["revision"])
    gone = api_client.delete(f"{base}files/{path}/", headers={"If-Match": '"999"'})
    assert gone.status_code == 412


def test_bytes_are_taken_as_they_are(api_client: APIClient, base: str) -> None:
    content = b"%PDF-1.7\n\xff\x00\xfe"
    made = add(api_client, base, "docs/fees.pdf", content)
    assert (made.status_code, made.json()["body"]) == (201, None)
    assert made.json()["edited_as"] == "bytes"
    answer = api_client.get(f"{base}files/docs/fees.pdf/content/")
    assert (answer.content, answer["Content-Type"]) == (content, "application/octet-stream")
    assert "attachment" in answer["Content-Disposition"]
    assert write(api_client, base, "docs/fees.pdf", 1, "text").status_code == 400


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../up.md", "names between slashes"),
        ("/docs/x.md", "names between slashes"),
        ("docs//x.md", "names between slashes"),
        (".env", "names between slashes"),
        ("docs/.hidden", "names between slashes"),
        ("data/more.yml", "written from the pages"),
        ("config.yml", "settings"),
        ("prompts/x.jinja2", "prompt"),
        ("models/x.bin", "not kept"),
        ("DOCS/FEES.md", "already “docs/fees.md”"),
        ("docs/fees.md/x", "already “docs/fees.md”"),
        ("docs", "already"),
    ],
)
def test_paths_that_no_file_may_have(
    api_client: APIClient, base: str, path: str, said: str
) -> None:
    add(api_client, base, "docs/fees.md", b"")
    answer = add(api_client, base, path, b"x")
    assert answer.status_code in {400, 409}
    assert said in answer.json()["detail"]


def test_a_file_moves_goes_and_comes_back(api_client: APIClient, base: str) -> None:
    made = add(api_client, base, "docs/a.md", "Gebühren\n".encode()).json()
    move = {"path": "docs/A.md", "revision": made["revision"]}
    moved = api_client.post(f"{base}files/docs/a.md/rename/", move, format="json")
    assert (moved.status_code, moved.json()["id"]) == (200, "docs/A.md")
    assert api_client.get(f"{base}files/docs/a.md/").status_code == 404
    stale = api_client.delete(f"{base}files/docs/A.md/?revision={made['revision']}")
    assert stale.status_code == 409
    revision = moved.json()["revision"]
    assert api_client.delete(f"{base}files/docs/A.md/?revision={revision}").status_code == 204
    assert api_client.get(f"{base}files/docs/A.md/").status_code == 404
    back = {"commit": revision, "items": [{"kind": "file", "key": "docs/A.md"}]}
    assert api_client.post(f"{base}restore/", back, format="json").status_code == 200
    assert read(api_client, base, "docs/A.md")["body"] == "Gebühren\n"


FLOW = "data/flows/transfer.yml"


def test_text_of_what_pages_write_becomes_their_items_in_one_commit(
    api_client: APIClient, base: str
) -> None:
    flows = read(api_client, base, FLOW)
    assert flows["edited_as"] == "items"
    before = api_client.get(f"{base}commits/").json()["results"]
    text = f"""{flows["body"]}
  tell_hours:  # new here
    description: tell when we are open
    steps:
    - action: utter_hours
"""
    written = write(api_client, base, FLOW, flows["revision"], text)
    assert (written.status_code, written.json().get("body")) == (200, text), written.json()
    made = api_client.get(f"{base}flows/tell_hours/").json()
    assert made["body"]["steps"] == [{"action": "utter_hours"}]
    assert len(api_client.get(f"{base}commits/").json()["results"]) == len(before) + 1
    others = {path: read(api_client, base, path)["body"].encode() for path in FILES if path != FLOW}
    assert others == {path: content for path, content in FILES.items() if path != FLOW}
    back = write(api_client, base, FLOW, written.json()["revision"], flows["body"])
    assert back.json()["body"] == flows["body"]
    assert api_client.get(f"{base}flows/tell_hours/").status_code == 404


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("flows:\n  a: [\n", "", 3),
        ("flows:\n  a:\n    steps: 3\n", "steps", 3),
        ("", "Nothing would be left", 1),
        ("test_cases: []\n", "Nothing would be left", 1),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_its_line(
    api_client: APIClient, base: str, text: str, said: str, line: int
) -> None:
    flows = read(api_client, base, FLOW)
    refused = write(api_client, base, FLOW, flows["revision"], text)
    assert refused.status_code == 400
    assert said in refused.json()["detail"]
    assert refused.json()["errors"][0]["line"] == line
    assert read(api_client, base, FLOW) == flows


def test_what_was_changed_on_a_page_since_is_not_written_over(
    api_client: APIClient, base: str
) -> None:
    file = read(api_client, base, FLOW)
    rows = api_client.get(f"{base}flows/").json()["results"]
    flows = [api_client.get(f"{base}flows/{row['id']}/").json() for row in rows]
    flow = next(flow for flow in flows if flow["source_path"] == FLOW)
    key = flow["id"]
    body = {**flow["body"], "description": "another one"}
    change = {"revision": flow["revision"], "body": body}
    assert api_client.put(f"{base}flows/{key}/", change, format="json").status_code == 200
    refused = write(api_client, base, FLOW, file["revision"], file["body"] + "# mine\n")
    assert (refused.status_code, refused.json()["code"]) == (409, "revision_conflict")
    assert "another one" in refused.json()["current"]["body"]


def test_a_name_that_another_file_has_is_refused(api_client: APIClient, base: str) -> None:
    file = read(api_client, base, FLOW)
    text = f"{file['body']}responses:\n  utter_done: [{{text: Twice}}]\n"
    refused = write(api_client, base, FLOW, file["revision"], text)
    assert refused.status_code == 400, refused.json()


def test_config_is_a_text(api_client: APIClient, base: str) -> None:
    text = read(api_client, base, "config.yml")
    assert text["edited_as"] == "text"
    new = f"{text['body']}# a note\n"
    assert write(api_client, base, "config.yml", text["revision"], new).json()["body"] == new
    assert api_client.get(f"{base}config/").json()["text"] == new


def test_code_and_settings_need_their_right(
    api_client: APIClient, as_user: AsUser, base: str
) -> None:
    builder, developer, viewer = (
        as_user(role) for role in ("Flow Builder", "Developer", "Business User")
    )
    for path in (CODE, "config.yml"):
        file = read(api_client, base, path)
        refused = write(builder, base, path, file["revision"], f"{file['body']}# mine\n")
        assert (refused.status_code, refused.json()["permission"]) == (403, "settings.edit"), path
        taken = write(developer, base, path, file["revision"], f"{file['body']}# seen\n")
        assert taken.status_code == 200, path
    assert add(builder, base, "actions/more.py", b"").status_code == 403
    assert add(developer, base, "actions/more.py", b"").status_code == 201
    assert add(builder, base, "docs/x.md", b"").status_code == 201
    assert add(viewer, base, "docs/y.md", b"").status_code == 403
    assert viewer.get(f"{base}files/docs/x.md/").status_code == 200
    assert as_user("Annotator").get(f"{base}files/docs/x.md/").status_code == 403


def test_too_much_is_refused(api_client: APIClient, base: str) -> None:
    big = add(api_client, base, "docs/big.bin", b"x" * (20 * 1024 * 1024 + 1))
    assert big.status_code == 413
    assert "at most 20 MB" in big.json()["detail"]
