"""Rules and dashboards name what the processes tell, every expression can be read, and every alert
has a summary and a runbook."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import promql_parser as promql
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy/monitoring"
RULES = sorted((MONITORING / "rules").glob("*.yml"))
DASHBOARDS = sorted((MONITORING / "dashboards").glob("*.json"))
RUNBOOKS = ROOT / "deploy/docs/runbooks.md"
PROCESSES = ("backend", "model-service", "event-ingestion")
# Of Prometheus itself: whether it could scrape, and where something came from.
OWN = {"up": frozenset({"job", "instance"})}
OF_SCRAPE = frozenset({"job", "instance"})


class Alert(NamedTuple):
    name: str
    rule: dict[str, Any]


class Expression(NamedTuple):
    where: str
    text: str


@cache
def exposed() -> dict[str, frozenset[str]]:
    """Every time series of the three processes, with its labels."""
    found = dict(OWN)
    for process in PROCESSES:
        own = {"RASA_MODEL_SERVER_BASE_DIRECTORY": tempfile.mkdtemp()}
        done = subprocess.run(
            [sys.executable, "-m", "tests.deploy.exposed_metrics", process],
            cwd=ROOT,
            capture_output=True,
            check=True,
            env={**os.environ, **own},
        )
        told = json.loads(done.stdout)
        found |= {name: OF_SCRAPE | set(labels) for name, labels in told.items()}
    return found


def alerts() -> list[Alert]:
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in RULES]
    return [
        Alert(rule["alert"], rule)
        for document in documents
        for group in document["groups"]
        for rule in group["rules"]
    ]


def expressions() -> Iterator[Expression]:
    for name, rule in alerts():
        yield Expression(name, rule["expr"])
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", ()):
                yield Expression(f"{path.stem}: {panel['title']}", target["expr"])


def parts(node: Any) -> Iterator[Any]:
    """An expression and all in it."""
    yield node
    for name in ("lhs", "rhs", "expr", "vector_selector", "param"):
        if (inner := getattr(node, name, None)) is not None:
            yield from parts(inner)
    for inner in getattr(node, "args", ()):
        yield from parts(inner)


def problems(text: str, known: dict[str, frozenset[str]]) -> list[str]:
    found = []
    nodes = list(parts(promql.parse(text)))
    selectors = [node for node in nodes if isinstance(node, promql.VectorSelector)]
    all_labels = frozenset().union(*(known.get(each.name or "", ()) for each in selectors))
    for selector in selectors:
        if selector.name not in known:
            found.append(f"nobody tells {selector.name}")
            continue
        named = {each.name for each in selector.matchers.matchers}
        found += [f"{selector.name} has no {each}" for each in named - known[selector.name]]
    for node in nodes:
        modifier = getattr(node, "modifier", None)
        if isinstance(node, promql.AggregateExpr) and modifier is not None:
            found += [f"there is no {each} to group by" for each in {*modifier.labels} - all_labels]
    return found


def test_the_check_finds_what_is_wrong() -> None:
    known = {"a_total": frozenset({"status", "job"})}
    assert problems('sum by (status) (rate(a_total{job="x"}[5m]))', known) == []
    assert problems("rate(b_total[5m])", known) == ["nobody tells b_total"]
    assert problems('a_total{colour="red"} > 1', known) == ["a_total has no colour"]
    assert problems("sum by (colour) (a_total)", known) == ["there is no colour to group by"]
    with pytest.raises(ValueError, match=r".+"):
        problems("sum by (status", known)


@pytest.mark.parametrize("expression", [*expressions()], ids=lambda each: each.where)
def test_each_expression_names_what_there_is(expression: Expression) -> None:
    assert problems(expression.text, exposed()) == []


def test_there_is_something_of_each_process() -> None:
    assert {path.stem for path in RULES} == set(PROCESSES)
    named = " ".join(each.text for each in expressions())
    ours = [name for name in exposed() if name.startswith(("studio_", "modelservice_", "ingest"))]
    unused = {name for name in ours if name.removesuffix("_bucket") not in named}
    # Sums and counts of histograms, of which the buckets are shown.
    assert [name for name in sorted(unused) if not name.endswith(("_sum", "_count"))] == []


@pytest.mark.parametrize("alert", alerts(), ids=lambda each: each.name)
def test_each_alert_has_a_summary_and_a_runbook(alert: Alert) -> None:
    notes = alert.rule["annotations"]
    assert notes["summary"]
    assert alert.rule["labels"]["severity"] in {"critical", "warning"}
    page, _, anchor = notes["runbook"].partition("#")
    assert ROOT / page == RUNBOOKS
    assert anchor in headings()


def headings() -> set[str]:
    """As anchors."""
    return {each.lower() for each in re.findall(r"^### (\w+)$", RUNBOOKS.read_text("utf-8"), re.M)}


def test_no_runbook_is_of_no_alert() -> None:
    assert headings() == {each.name.lower() for each in alerts()}


def test_labels_in_texts_are_those_of_the_expression() -> None:
    for name, rule in alerts():
        used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["description"]))
        nodes = list(parts(promql.parse(rule["expr"])))
        groups = [node for node in nodes if isinstance(node, promql.AggregateExpr)]
        kept = {each for node in groups if node.modifier for each in node.modifier.labels}
        assert not groups or used <= kept - {"le"}, name


def test_dashboards_can_stand_beside_each_other() -> None:
    read = [json.loads(path.read_text(encoding="utf-8")) for path in DASHBOARDS]
    assert [each["uid"] for each in read] == [path.stem for path in DASHBOARDS]
    for dashboard in read:
        ids = [panel["id"] for panel in dashboard["panels"]]
        assert len(set(ids)) == len(ids)
        places = [panel["gridPos"] for panel in dashboard["panels"]]
        assert len({(each["x"], each["y"]) for each in places}) == len(places)


def test_the_example_scrapes_the_jobs_that_rules_name() -> None:
    configured = yaml.safe_load((MONITORING / "prometheus.yml").read_text(encoding="utf-8"))
    jobs = {each["job_name"] for each in configured["scrape_configs"]}
    named = {
        job for each in expressions() for job in re.findall(r'job="([^"]+)"', each.text)
    }  # fmt: skip
    assert named == jobs
