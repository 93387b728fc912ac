"""Which runtime an assistant gets, and what is said where it cannot have it."""

import io
import json
import stat
import tarfile
from pathlib import Path

import pytest

from modelservice.service.errors import Rejected
from modelservice.service.runtimes import Runtimes
from modelservice.service.runtimes.project import model_id
from modelservice.service.runtimes.rasa_open_source import RasaOpenSource
from modelservice.service.runtimes.rasa_pro import RasaPro
from tests.modelservice.conftest import Realm, Service, bot_body, encoded, training_body, wait_until

FLOWS = "flows:\n  a:\n    description: a\n    steps:\n    - action: utter_a\n"
STORIES = "stories:\n- story: a\n  steps:\n  - intent: greet\n  - action: utter_a\n"
# What an unlicensed Rasa Pro prints (license.md); nothing of it can run here.
UNLICENSED = """#!/bin/sh
if [ "$3" = --version ]; then echo "Rasa Version      :         3.13.1"; exit 0; fi
echo "[error    ] license.validation.error"
echo "Failed to validate Rasa license which was read from environment variable RASA_LICENSE."
exit 1
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    place = tmp_path / "environment" / "bin" / "python"
    place.parent.mkdir(parents=True)
    place.write_text(UNLICENSED)
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    return place


def project(folder: Path, **files: str) -> Path:
    (folder / "data").mkdir(parents=True)
    for name, text in files.items():
        (folder / "data" / f"{name}.yml").write_text(text)
    return folder


def test_choice_follows_what_the_assistant_needs_and_what_is_there(
    tmp_path: Path, program: Path
) -> None:
    calm = project(tmp_path / "calm", flows=FLOWS, nlu="nlu: []")
    both = project(tmp_path / "both", flows=FLOWS, stories=STORIES)
    classic = project(tmp_path / "classic", stories=STORIES, flows="")
    none = Runtimes(None, None)
    assert [none.for_training(each).name for each in (calm, both)] == ["calm", "calm"]
    with pytest.raises(Rejected, match="make rasa-oss"):
        none.for_training(classic)
    everything = Runtimes(program, program)
    assert everything.for_training(calm).name == "rasa-pro"
    assert everything.for_training(classic).name == "rasa-open-source"
    assert Runtimes(None, program).for_training(classic).name == "rasa-pro"


def test_rasa_pro_gets_the_arguments_and_channel_of_its_version(program: Path) -> None:
    pro = RasaPro(program)
    assert pro.version == (3, 13)
    assert pro.run_arguments(Path("/b"), 5005)[2:] == [
        "rasa", "run", "--endpoints", "/b/endpoints.yml", "--credentials", "/b/credentials.yml",
        "--debug", "--port=5005", "--model", "/b/models",
    ]  # fmt: skip
    assert "studio_chat:" in pro.credentials("rest:\ninspector:\n")
    assert (pro.socket_path, pro.sends_tracker) == ("/socket.io", True)
    program.write_text(UNLICENSED.replace("3.13.1", "3.21.0"))
    newer = RasaPro(program)
    assert newer.run_arguments(Path("/b"), 5005)[2:] == [
        "rasa", "run", "--endpoints", "/b/endpoints.yml",
        "--debug", "--enable-api", "--port=5005", "--model", "/b/models",
    ]  # fmt: skip
    assert (newer.socket_path, "inspector:" in newer.credentials("")) == ("/inspector.io", True)


def test_missing_and_refused_licences_are_one_sentence(
    tmp_path: Path, realm: Realm, program: Path
) -> None:
    missing = Service(
        tmp_path / "missing", realm, MODEL_SERVICE_RASA_PRO=str(program), RASA_LICENSE=""
    )
    try:
        said = missing.http.get("/").json()["runtimes"]["rasa-pro"]
        assert "set RASA_LICENSE" in said
        refused = missing.http.post("/training", json=training_body("t-1"))
        assert (refused.status_code, refused.json()["message"]) == (400, said)
    finally:
        missing.stop()
    refusing = Service(
        tmp_path / "refusing", realm, MODEL_SERVICE_RASA_PRO=str(program), RASA_LICENSE="not one"
    )
    try:
        state = refusing.train("t-1")
        assert (state["status"], state["runtime"]) == ("error", "rasa-pro")
        assert "refused its licence" in state["error"]
        assert "not one" not in state["logs"] + state["error"]
    finally:
        refusing.stop()


def test_model_of_a_runtime_that_is_not_there_says_so(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path, realm, MODEL_SERVICE_RASA_OPEN_SOURCE="none")
    try:
        body = training_body("t-1")
        body["bot_config"]["data"] = {"stories": encoded(STORIES)}
        refused = service.http.post("/training", json=body)
        assert (refused.status_code, "make rasa-oss" in refused.json()["message"]) == (400, True)
        text = json.dumps({"rasa_open_source_version": "3.6.21"}).encode()
        with tarfile.open(tmp_path / "models" / "foreign.tar.gz", "w:gz") as archive:
            entry = tarfile.TarInfo("metadata.json")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
        assert service.http.post("/bot", json=bot_body("d-1", "foreign")).status_code == 200
        wait_until(lambda: service.bot("d-1")["status"] == "stopped")
        assert "MODEL_SERVICE_RASA_OPEN_SOURCE" in service.bot("d-1")["error"]
    finally:
        service.stop()


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        (b'{"model_id": "0b6d0f6e5d0a4c6e9f5d4f2c8a1b7e33"}', "0b6d0f6e5d0a4c6e9f5d4f2c8a1b7e33"),
        (b'{"model_id": ""}', None),
        (b'{"model_id": 7}', None),
        (b'{"model_id": "' + b"a" * 65 + b'"}', None),
        (b'{"model_id": "a\\u0000b"}', None),
        (b"{}", None),
        (b"[]", None),
        (b"[" * 100_000, None),
        (b"\xff", None),
    ],
)
def test_id_of_an_archive_is_told_where_it_has_a_good_one(
    tmp_path: Path, metadata: bytes, found: str | None
) -> None:
    path = tmp_path / "model.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("./metadata.json")
        entry.size = len(metadata)
        archive.addfile(entry, io.BytesIO(metadata))
    assert model_id(path) == found
    path.write_bytes(path.read_bytes()[:-30])
    assert model_id(path) in {None, found}
    assert model_id(tmp_path / "absent.tar.gz") is None


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        (
            "\x1b[93m/x/io.py:100: UserWarning: The config file is missing a value.\x1b[0m\n"
            "\x1b[0m\x1b[91mThe config file is missing mandatory parameters: 'language'.\x1b[0m\n",
            "The config file is missing mandatory parameters: 'language'.",
        ),
        ("Traceback\nrasa.X.InvalidConfigException: Can't load 'A'.\n", "Can't load 'A'."),
        ("2026-11-22 07:34:12 ERROR    rasa.core.x  - No model.\nbye\n", "No model."),
        ("all is well\n", None),
    ],
)
def test_reason_is_found_in_what_rasa_prints(program: Path, log: str, reason: str | None) -> None:
    assert RasaOpenSource(program).error(log) == reason
