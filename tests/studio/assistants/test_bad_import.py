"""What strangers upload: each with a clear answer, and nothing half-saved."""

import io
import stat
import struct
import time
import tracemalloc
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from studio.assistants.models import Assistant
from studio.content.models import Commit, Item
from tests.project.example import FILES, lying_zip64, with_file, zip_of


def upload(client: APIClient, content: bytes, name: str = "Bad") -> Any:
    file = SimpleUploadedFile("bad.zip", content, "application/zip")
    return client.post(
        "/api/v1/assistants/import/", {"file": file, "name": name}, format="multipart"
    )


def refused(client: APIClient, content: bytes) -> list[dict[str, Any]]:
    answer = upload(client, content)
    body = answer.json()
    assert answer.status_code == 400, body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["code"] == "import_failed"
    assert not Assistant.objects.exists()
    assert not Item.objects.exists()
    assert not Commit.objects.exists()
    return list(body["errors"])


def entry(name: str, mode: int = stat.S_IFREG | 0o644) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in FILES.items():
            archive.writestr(path, content)
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, b"/etc/passwd")
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["../evil.yml", "data/../../evil.yml", "/etc/evil", "C:/evil"])
def test_path_outside(api_client: APIClient, name: str) -> None:
    [error] = refused(api_client, entry(name))
    assert error == {"file": name, "message": "The path leads outside the project."}


@pytest.mark.parametrize(
    ("mode", "reason"),
    [(stat.S_IFLNK | 0o777, "leads to nothing in the zip"), (stat.S_IFIFO | 0o600, "special file")],
)
def test_links_that_lead_out_and_special_files_are_left_out(
    api_client: APIClient, mode: int, reason: str
) -> None:
    answer = upload(api_client, entry("data/link.yml", mode)).json()
    [told] = [line for line in answer["report"]["unused"] if line["path"] == "data/link.yml"]
    assert reason in told["reason"]
    base = f"/api/v1/assistants/{answer['assistant']['id']}/"
    exported = api_client.get(f"{base}export/").getvalue()
    assert b"/etc/passwd" not in exported
    assert "data/link.yml" not in zipfile.ZipFile(io.BytesIO(exported)).namelist()


def test_entries_are_counted_and_not_believed(api_client: APIClient) -> None:
    """The trailer claims 65,535 entries; the few that are there are read."""
    content = bytearray(zip_of(FILES))
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<2H", content, end + 8, 65_535, 65_535)
    assert upload(api_client, bytes(content)).status_code == 201


def test_a_lying_trailer_before_a_large_directory(api_client: APIClient) -> None:
    """zip64 with a classic trailer that says one entry: refused before the directory is read."""
    content = lying_zip64(400_000)
    tracemalloc.start()
    started = time.perf_counter()
    [error] = refused(api_client, content)
    taken, peak = time.perf_counter() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "more than 20,000 entries" in error["message"]
    assert taken < 5
    assert peak < 4 * len(content)


def test_many_entries_for_real(api_client: APIClient) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20_001):
            archive.writestr(str(number), b"")
    [error] = refused(api_client, buffer.getvalue())
    assert "more than 20,000 entries" in error["message"]


def test_gigabyte_of_zeros(api_client: APIClient) -> None:
    buffer = io.BytesIO()
    zeros = bytes(1024 * 1024)
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("data/zeros.yml", "w") as stream,
    ):
        for _ in range(1024):
            stream.write(zeros)
    errors = refused(api_client, buffer.getvalue())
    assert errors[0]["file"] == "data/zeros.yml"
    assert "larger than" in errors[0]["message"]


def test_bomb_below_the_size_limit(api_client: APIClient) -> None:
    [error] = refused(api_client, zip_of(with_file("data/zeros.yml", bytes(10 * 1024 * 1024))))
    assert error["file"] == "data/zeros.yml"
    assert "bomb" in error["message"]


def test_size_that_is_not_true(api_client: APIClient) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("config.yml", b"language: en\n")
    content = buffer.getvalue().replace(struct.pack("<2L", 13, 13), struct.pack("<2L", 13, 9))
    assert refused(api_client, content)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(100)])
def test_not_a_zip(api_client: APIClient, content: bytes) -> None:
    answer = upload(api_client, content)
    assert answer.status_code == 400
    if content:
        [error] = refused(api_client, content)
        assert error == {"message": "This is not a zip file."}


def test_too_large(api_client: APIClient, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1000
    answer = upload(api_client, zip_of(FILES))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert not Assistant.objects.exists()


def test_not_a_project(api_client: APIClient) -> None:
    [error] = refused(api_client, zip_of({"readme.txt": b"hello", "photo.jpg": b"\xff\xd8"}))
    assert "no Rasa project" in error["message"]


FLOW = "flows:\n  pay:\n    description: pay\n    steps:\n"
BAD_YAML: list[tuple[str, str, int, str | None, str]] = [
    ("broken", f"{FLOW}    - action: [\n", 6, None, "not valid YAML"),
    ("list for map", "flows:\n- pay\n", 1, None, "must be a map"),
    ("map for list", "actions:\n  a: b\nslots: {}\n", 1, None, "must be a list"),
    ("file is a list", "- flows\n", 1, None, "must hold a map"),
    ("steps a map", "flows:\n  pay:\n    steps: {a: b}\n", 3, "pay", "must be a list"),
    ("step a text", f"{FLOW}    - collect\n", 5, "pay", "must be a map"),
    ("step wrong type", f"{FLOW}    - action: 5\n", 5, "pay", "“action” must be a text"),
    ("nested", f"{FLOW}    - noop: true\n      next:\n      - else: 5\n", 7, "pay", "“else”"),
    ("flow is text", "flows:\n  pay: hello\n", 2, "pay", "must be a map"),
    ("duplicate key", f"{FLOW}    - id: a\n      id: b\n", 6, "pay", "written twice"),
    ("duplicate flow", "flows:\n  a: {}\n  a: {}\n", 3, "a", "written twice"),
    ("response no list", "responses:\n  utter_x: hi\n", 2, "utter_x", "must be a list"),
    ("slot no map", "slots:\n  x: text\n", 2, "x", "must be a map"),
    (
        "bomb",
        "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
        + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 10)}]\n"
            for i in range(8)
        )
        + "flows: {}\n",
        5,
        None,
        "far too large",
    ),
    ("deep", "flows: " + "[" * 5000, 1, "", "nested more than"),
    ("tab", "flows:\n\tpay: 1\n", 2, None, "not valid YAML"),
    (
        "10 MB text",
        "responses:\n  utter_x:\n  - text: " + "ab" * 5_000_000 + "\n",
        3,
        "utter_x",
        "10,000,000 characters",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "item", "message"),
    [case[1:] for case in BAD_YAML],
    ids=[case[0] for case in BAD_YAML],
)
def test_bad_yaml(
    api_client: APIClient, text: str, line: int, item: str | None, message: str
) -> None:
    # Stored, not packed: the ratio of a zip bomb is another test.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, content in with_file("data/bad.yml", text).items():
            archive.writestr(path, content)
    [error] = refused(api_client, buffer.getvalue())
    assert (error["file"], error["line"]) == ("data/bad.yml", line)
    assert message in error["message"]
    if item:
        assert error["item"] == item


def test_not_utf8(api_client: APIClient) -> None:
    [error] = refused(api_client, zip_of(with_file("data/bad.yml", b"flows:\n  a: \xff\n")))
    assert (error["file"], error["line"]) == ("data/bad.yml", 2)


def test_same_slot_in_two_files(api_client: APIClient) -> None:
    [error] = refused(api_client, zip_of(with_file("domain/x.yml", "slots:\n  amount: {}\n")))
    assert error["item"] == "amount"
    assert "domain/slots.yml, line 3" in error["message"]


def test_all_findings_at_once(api_client: APIClient) -> None:
    files = {**FILES, "data/a.yml": b"flows: []\nslots: [1]\n", "data/b.yml": b"a: [\n"}
    assert [error["file"] for error in refused(api_client, zip_of(files))] == [
        "data/b.yml",
        "data/a.yml",
    ]


def test_name_that_exists(api_client: APIClient) -> None:
    assert upload(api_client, zip_of(FILES), name="Bank").status_code == 201
    items = Item.objects.count()
    answer = upload(api_client, zip_of(FILES), name="Bank")
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
    assert "Bank" in answer.json()["detail"]
    assert (Assistant.objects.count(), Item.objects.count()) == (1, items)


def test_unknown_keys_links_and_conditions_are_imported_and_named(api_client: APIClient) -> None:
    text = (
        f"{FLOW}    - action: utter_help\n      colour: red\n      next:\n"
        "      - if: slots.amount >\n        then: END\n      - else:\n        - link: nowhere\n"
    )
    answer = upload(api_client, zip_of(with_file("data/odd.yml", text)))
    assert answer.status_code == 201, answer.json()
    [warning] = answer.json()["report"]["warnings"]
    assert (warning["file"], warning["line"], warning["item"]) == ("data/odd.yml", 6, "pay")
    assistant = answer.json()["assistant"]["id"]
    flow = api_client.get(f"/api/v1/assistants/{assistant}/flows/pay/").json()
    assert flow["body"]["steps"][0]["colour"] == "red"
    codes = {problem["code"] for problem in flow["problems"]}
    assert codes == {"step_key_unknown", "condition_invalid", "link_target_missing"}
