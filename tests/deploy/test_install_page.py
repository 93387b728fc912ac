"""What `deploy/docs/install-kubernetes.md` tells an operator to write is taken by the chart."""

import re
from pathlib import Path

import pytest
import yaml

from tests.deploy.chart import MATRIX, containers, pods, rendered
from tests.running_studio import ROOT

PAGE = (ROOT / "deploy/docs/install-kubernetes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^( *)```yaml\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", [block for _, block in BLOCKS])
def test_values_of_the_page_are_taken(tmp_path: Path, block: str) -> None:
    assert rendered(tmp_path, yaml.safe_load(block))


def test_the_command_makes_each_key_that_is_read(tmp_path: Path) -> None:
    made = set(re.findall(r"--from-literal=(\w+)=", PAGE))
    read = {
        variable["valueFrom"]["secretKeyRef"]["key"]
        for _, spec in pods(rendered(tmp_path, MATRIX["minimal"]))
        for container in containers(spec)
        for variable in container.get("env", [])
        if "valueFrom" in variable
    }
    assert made == read


def test_values_that_the_page_names_are_there() -> None:
    values = yaml.safe_load((ROOT / "deploy/chart/values.yaml").read_text(encoding="utf-8"))
    first = "|".join(values)
    for name in re.findall(rf"`((?:{first})(?:\.\w+)+)", PAGE):
        node = values
        for part in name.split("."):
            assert part in node, name
            node = node[part]
