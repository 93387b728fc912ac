"""Prints the content of a project's zip as JSON: items by kind and name, merged over all files."""

import json
import sys
import zipfile
from typing import Any

import yaml

_MERGED = ("flows", "responses", "slots", "actions", "intents", "entities", "nlu")


def main() -> None:
    content: dict[str, Any] = {kind: {} for kind in (*_MERGED, "prompts")}
    with zipfile.ZipFile(sys.argv[1]) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8") if not name.endswith("/") else ""
            if name.endswith(".jinja2"):
                content["prompts"][name] = text
            elif name.startswith(("data/", "domain")) and name.endswith((".yml", ".yaml")):
                _take(yaml.load(text, Loader=yaml.BaseLoader) or {}, content)  # noqa: S506  plain strings only
    json.dump(content, sys.stdout, ensure_ascii=False, sort_keys=True)


def _take(document: dict[str, Any], content: dict[str, Any]) -> None:
    for kind in _MERGED:
        part = document.get(kind) or {}
        if isinstance(part, dict):
            content[kind].update(part)
        else:
            content[kind].update({json.dumps(item, sort_keys=True): item for item in part})


if __name__ == "__main__":
    main()
