"""An import into an assistant: what it would change, and what of it is chosen."""

import json
from typing import Any

from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.project.example import FILES, with_file
from tests.studio.conftest import Import
from tests.studio.content.test_commits import read, save
from tests.studio.content.test_projects import LESS, MORE, exported, import_into

OTHER = {
    **MORE,
    "data/extra.yml": b"# ours\nflows:\n  extra:\n    description: more\n    steps:\n"
    b"    - action: utter_extra\n",
    "domain/extra.yml": b"responses:\n  utter_extra:\n  - text: More.\n",
}
OTHER.pop("data/nlu.yml")


def preview(client: APIClient, base: str, files: Any, **data: Any) -> Any:
    answer = import_into(client, base, files, mode="replace", preview="true", **data)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def named(diff: Any) -> dict[str, Any]:
    return {f"{one['kind']} {one['key']}": one for one in diff}


def chosen(*names: str) -> str:
    pairs = [name.split(" ", 1) for name in names]
    return json.dumps([{"kind": kind, "key": key} for kind, key in pairs])


def test_only_what_is_chosen_is_taken(api_client: APIClient, base: str) -> None:
    seen = preview(api_client, base, OTHER)
    actions = {name: one["action"] for name, one in named(seen["diff"]).items()}
    assert actions == {
        "flow help": "changed",
        "flow extra": "added",
        "response utter_extra": "added",
        "nlu intent:greet": "removed",
        "nlu synonym:Anna": "removed",
    }
    assert seen["same"] > 5
    items = chosen("flow extra", "response utter_extra", "nlu synonym:Anna")
    made = import_into(
        api_client, base, OTHER, mode="replace", items=items, expected=seen["digest"]
    ).json()
    assert {(one["kind"], one["key"]) for one in made["commit"]["items"]} == {
        ("flow", "extra"),
        ("response", "utter_extra"),
        ("nlu", "synonym:Anna"),
    }
    after = exported(api_client, base)
    assert after["data/extra.yml"] == OTHER["data/extra.yml"]
    assert after["domain/extra.yml"] == OTHER["domain/extra.yml"]
    assert after["data/flows/help.yml"] == FILES["data/flows/help.yml"]
    assert b"intent: greet" in after["data/nlu.yml"]
    assert b"Anna" not in after["data/nlu.yml"]
    left = {name for name in named(preview(api_client, base, OTHER)["diff"])}
    assert left == {"flow help", "nlu intent:greet"}
    # One step in the history, one step back.
    assert made["commit"]["number"] == 2
    api_client.post(f"{base}restore/", {"commit": 1}, format="json")
    assert exported(api_client, base) == FILES


def test_everything_chosen_is_the_project_itself(api_client: APIClient, base: str) -> None:
    seen = preview(api_client, base, OTHER)
    answer = import_into(api_client, base, OTHER, mode="replace", expected=seen["digest"])
    assert answer.status_code == 200
    assert exported(api_client, base) == OTHER


def test_a_preview_that_is_not_true_any_more_is_refused(api_client: APIClient, base: str) -> None:
    seen = preview(api_client, base, OTHER)
    flow = read(api_client, f"{base}flows/help/")
    save(api_client, f"{base}flows/help/", flow["revision"], {**flow["body"], "name": "mine"})
    data = {"mode": "replace", "expected": seen["digest"], "items": chosen("flow extra")}
    refused = import_into(api_client, base, OTHER, **data)
    assert (refused.status_code, refused.json()["code"]) == (409, "revision_conflict")
    assert read(api_client, f"{base}flows/help/")["body"]["name"] == "mine"
    # A change of something that the import leaves alone does not matter.
    seen = preview(api_client, base, OTHER)
    flow = read(api_client, f"{base}flows/transfer_money/")
    save(
        api_client, f"{base}flows/transfer_money/", flow["revision"], flow["body"] | {"name": "Pay"}
    )
    files = {path: text for path, text in OTHER.items() if path.startswith("data/extra")}
    seen = import_into(api_client, base, files, mode="merge", preview="true").json()
    done = import_into(api_client, base, files, mode="merge", expected=seen["digest"])
    assert done.status_code == 200


def test_what_was_changed_here_since_is_told(api_client: APIClient, base: str) -> None:
    flow = read(api_client, f"{base}flows/help/")
    save(api_client, f"{base}flows/help/", flow["revision"], {**flow["body"], "name": "mine"})
    [change] = preview(api_client, base, FILES)["diff"]
    assert (change["key"], change["undoes"]) == ("help", True)
    assert change["changed_by"]["author"]["name"]
    new = named(preview(api_client, base, MORE)["diff"])["flow help"]
    assert new["undoes"] is False


def test_what_needs_what_is_told(api_client: APIClient, base: str) -> None:
    extra = named(preview(api_client, base, OTHER)["diff"])["response utter_extra"]
    assert (extra["needed_now"], extra["needed_then"]) == ([], ["flow extra"])
    import_into(api_client, base, OTHER, mode="replace")
    gone = named(preview(api_client, base, MORE)["diff"])["response utter_extra"]
    assert (gone["needed_now"], gone["needed_then"]) == (["flow extra"], [])


def test_what_can_be_read_of_a_broken_project(api_client: APIClient, base: str) -> None:
    broken = {**OTHER, "data/flows/help.yml": b"flows:\n  help: [\n"}
    refused = import_into(api_client, base, broken, mode="replace", preview="true")
    assert (refused.status_code, refused.json()["code"]) == (400, "import_failed")
    seen = preview(api_client, base, broken, partly="true")
    assert [(one["file"], one["line"]) for one in seen["errors"]] == [("data/flows/help.yml", 3)]
    # What stands in the broken file is not there any more only as far as we know.
    assert "flow help" not in named(seen["diff"])
    assert "flow extra" in named(seen["diff"])
    done = import_into(
        api_client, base, broken, mode="replace", partly="true", expected=seen["digest"]
    )
    assert done.status_code == 200
    assert exported(api_client, base) == {
        **OTHER,
        "data/flows/help.yml": FILES["data/flows/help.yml"],
    }
    nothing = import_into(
        api_client, base, {"data/x.yml": b"flows: ["}, mode="merge", partly="true"
    )
    assert nothing.status_code == 400


def test_who_may_not_change_settings_takes_the_rest(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    files = {**OTHER, "config.yml": b"recipe: default.v1\nlanguage: de\n"}
    builder = as_user("Flow Builder")
    allowed = {
        name: one["allowed"] for name, one in named(preview(builder, base, files)["diff"]).items()
    }
    assert (allowed["config config.yml"], allowed["flow extra"]) == (False, True)
    done = import_into(builder, base, files, mode="replace", items=chosen("flow extra"))
    assert done.status_code == 200
    refused = import_into(builder, base, files, mode="replace", items=chosen("config config.yml"))
    assert refused.status_code == 403


def test_masks_of_an_export_are_not_written_over_secrets(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    secret = b"models:\n  url: https://u:hunter2@example.org\n  token: hunter2\n"
    import_into(api_client, base, with_file("endpoints.yml", secret), mode="merge")
    given_away = exported(as_user("Flow Builder"), base)
    assert b"hunter2" not in given_away["endpoints.yml"]
    import_into(api_client, base, given_away, mode="replace")
    assert exported(api_client, base)["endpoints.yml"] == secret


def test_choices_are_checked(api_client: APIClient, base: str) -> None:
    for items in ("x", "[1]", '[{"kind": "flow"}]', chosen("flow no_such")):
        answer = import_into(api_client, base, LESS, mode="replace", items=items)
        assert answer.status_code == 400, items


def test_some_flows_are_taken_elsewhere(
    api_client: APIClient, base: str, import_project: Import
) -> None:
    chosen_only = exported(api_client, base, "?flows=transfer_money&needed=true")
    assert chosen_only == {
        "data/flows/transfer.yml": FILES["data/flows/transfer.yml"],
        "domain/responses.yml": FILES["domain/responses.yml"].replace(
            b"  utter_help:\n  - text: I can send money.\n", b""
        ),
        "domain/slots.yml": FILES["domain/slots.yml"]
        .replace(b"  tier:\n    type: categorical\n    values: [gold, silver]\n", b"")
        .replace(b"session_config:\n  session_expiration_time: 60\n", b""),
    }
    both = exported(api_client, base, "?flows=transfer_money&needed=true&linked=true")
    assert both["data/flows/help.yml"] == FILES["data/flows/help.yml"]
    assert b"utter_help" in both["domain/responses.yml"]
    other = import_project(
        {"data/x.yml": b"flows:\n  x:\n    description: x\n    steps:\n    - noop: true\n"},
        name="Other",
    )
    there = f"/api/v1/assistants/{other['assistant']['id']}/"
    seen = preview(api_client, there, both)
    assert (seen["part"], seen["report"]["warnings"]) == (True, [])
    names = [name for name, one in named(seen["diff"]).items() if one["action"] == "added"]
    done = import_into(api_client, there, both, mode="replace", items=chosen(*names))
    assert done.status_code == 200
    assert read(api_client, f"{there}flows/transfer_money/")["problems"] == []
    assert read(api_client, f"{there}flows/x/")["body"]["description"] == "x"
    unknown = api_client.get(f"{base}export/?flows=none&needed=true")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "invalid")
