"""Figures of content as commits: `python -m tests.bench.history` prints them as JSON.

A process of its own with a database of its own; what is asked goes through the HTTP surface of the
backend, in this process. Each figure stands beside git doing the same with the same files.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from tests.bench.figures import Figure, percentile
from tests.bench.git_reference import git_history, git_merge, git_size, timed
from tests.running_studio import ROOT

FLOWS = 1000
COMMITS = int(os.environ.get("BENCH_COMMITS") or 100_000)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.history"],
            cwd=ROOT,
            env={
                **os.environ,
                "STUDIO_DATA_DIR": folder,
                "DJANGO_SETTINGS_MODULE": "studio.settings.base",
            },
            stdout=subprocess.PIPE,
            check=True,
        )
    return [Figure(**row) for row in json.loads(done.stdout)]


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    bench = _Bench()
    figures = [
        *bench.home(),
        *bench.autosaves(),
        *bench.one_flow_saved_often(),
        *bench.many_versions(),
        *bench.long_history(),
        *bench.merge(),
    ]
    json.dump([vars(figure) for figure in figures], sys.stdout)


def flow(number: int, steps: int, word: str = "") -> dict[str, Any]:
    return {
        "description": f"does job number {number}",
        "steps": [
            {
                "id": f"s{step}",
                "action": f"utter_{step}",
                "metadata": {"note": f"{word} step {step}"},
            }
            for step in range(steps)
        ],
    }


class _Bench:
    def __init__(self) -> None:
        from rest_framework.test import APIClient

        from studio.accounts.models import User
        from studio.identity import services, tokens

        self.user = User.objects.create(username="bench", roles=["SuperUser"])
        sign_in = services.sign_in_start(
            user=self.user, client_id="rasa-studio-backend", scope="openid"
        )
        token = tokens.issue(
            user=self.user, client_id="rasa-studio-backend", scope="openid", sign_in=sign_in
        )["access_token"]
        self.api = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_HOST="127.0.0.1")

    # --- what is measured ----------------------------------------------------------------------

    def home(self) -> Iterator[Figure]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        for number in range(200):
            self.assistant(f"small {number}", {"a": flow(1, 3), "b": flow(2, 3)})
        light = self.milliseconds("me/")
        asked = f"GET me/ {light:.1f} ms"
        took = self.milliseconds("assistants/?page_size=200")
        with CaptureQueriesContext(connection) as queries:
            self.get("assistants/?page_size=200")
        yield Figure("content", "home with 200 assistants", took, "ms", asked, 100)
        yield Figure("content", "its queries", len(queries), "", asked, 8)

    def autosaves(self) -> Iterator[Figure]:
        small = self.assistant("ten flows", self.flows(9))
        large = self.assistant("a thousand flows", self.flows(FLOWS - 1))
        times = {base: self.saves(base, 60) for base in (small, large)}
        bare = self.bare_update(json.dumps(flow(0, 300)))
        reference = f"UPDATE of the same text in the same database {bare:.1f} ms"
        slow = percentile(times[large], 0.95)
        yield Figure("content", "autosave, 300 steps, p95", slow, "ms", reference, 50)
        ratio = percentile(times[large], 0.5) / percentile(times[small], 0.5)
        yield Figure(
            "content", "autosave among 1,000 flows to among 10, median", ratio, "×", reference, 1.2
        )

    def one_flow_saved_often(self) -> Iterator[Figure]:
        base = self.assistant("one flow", {})
        bodies = [flow(0, 200, f"round {number}") for number in range(1)]
        for number in range(100):
            steps = list(bodies[-1]["steps"])
            steps[number] = {**steps[number], "action": f"utter_changed_{number}"}
            bodies.append({**bodies[-1], "steps": steps})
        self.create(base, "long", bodies[0])
        before = self.stored_bytes()
        for body in bodies[1:]:
            self.save(base, "long", body)
        size = (self.stored_bytes() - before) / 1e6
        packed = git_size([{"long.json": json.dumps(body, indent=1)} for body in bodies]) / 1e6
        length = len(json.dumps(bodies[0])) / 1000
        reference = f"git, packed {packed:.3f} MB; the flow has {length:.0f} kB"
        yield Figure("content", "100 autosaves of one flow", size, "MB", reference, 0.1)

    def many_versions(self) -> Iterator[Figure]:
        from studio.content.models import Commit

        bodies = self.flows(FLOWS)
        base = self.assistant("many versions", bodies)
        before = self.stored_bytes()
        changed = 0
        trees = [{f"{key}.json": json.dumps(body, indent=1) for key, body in bodies.items()}]
        for number, (key, body) in enumerate(bodies.items()):
            new = {**body, "description": f"changed in version {number}"}
            self.save(base, key, new)
            # A version was trained from it: it stays a commit of its own.
            Commit.objects.filter(open=True).update(open=False)
            changed += len(json.dumps(new, separators=(",", ":")))
            trees.append({f"{key}.json": json.dumps(new, indent=1)})
        ratio = (self.stored_bytes() - before) / changed
        packed = git_size(trees) / 1e6
        reference = (
            f"git, packed and with all flows {packed:.3f} MB; changed {changed / 1e6:.3f} MB"
        )
        yield Figure(
            "content",
            "1,000 versions of one changed flow, to the change",
            ratio,
            "×",
            reference,
            1.2,
        )

    def long_history(self) -> Iterator[Figure]:
        base = self.assistant("long history", self.flows(FLOWS))
        branch = self.grow(base, COMMITS)
        with git_history(COMMITS, FLOWS, lambda n: json.dumps(flow(n, 5), indent=1)) as git:
            log = git("log", "--format=%H", "-50", "--", "flow_7.json")
        reference = f"git log of one file among {COMMITS:,} commits {log:.0f} ms"
        history = f"{base}history/?kind=flow&item=flow_7"
        yield Figure(
            "content", "history of an item", self.milliseconds(history), "ms", reference, 100
        )
        commits = f"{base}commits/?kind=flow&key=flow_7"
        yield Figure(
            "content", "commits of an item", self.milliseconds(commits), "ms", reference, 100
        )
        from studio.content.selectors.revisions import tree_at

        middle = timed(lambda: tree_at(branch, COMMITS // 2))
        yield Figure("content", "tree at a commit", middle, "ms", reference, 300)
        compare = f"{base}compare/?from=main@{COMMITS // 2}&to=main@{COMMITS // 2 + 200}"
        yield Figure(
            "content", "compare two versions", self.milliseconds(compare), "ms", reference, 500
        )

    def merge(self) -> Iterator[Figure]:
        bodies = {f"flow_{n}": flow(n, 20) for n in range(FLOWS)}
        base = self.assistant("to merge", bodies)
        self.post(f"{base}branches/", {"name": "draft"})
        keys = list(bodies)
        mine = {key: {**bodies[key], "name": f"{key} on main"} for key in keys[:200]}
        theirs = {key: {**bodies[key], "description": f"{key} on draft"} for key in keys[100:300]}
        for key, body in mine.items():
            self.save(base, key, body)
        for key, body in theirs.items():
            self.save(base, key, body, "?branch=draft")
        started = time.perf_counter()
        self.post(f"{base}branches/draft/merge/", {"into": "main"})
        seconds = time.perf_counter() - started
        reference = f"git merge of the same files {git_merge(bodies, mine, theirs):.2f} s"
        yield Figure(
            "content", "merge of 200 changed flows on each side", seconds, "s", reference, 1
        )

    # --- how -----------------------------------------------------------------------------------

    def flows(self, count: int) -> dict[str, Any]:
        return {f"flow_{number}": flow(number, 5) for number in range(count)}

    def assistant(self, name: str, flows: dict[str, Any]) -> str:
        from modelservice.project.model import Item, Kind, Project
        from studio.content.models import Door
        from studio.content.services.projects import project_store
        from studio.content.services.write import Author

        items = [
            Item(Kind.FLOW, key, body, f"data/flows/{key}.yml", position)
            for position, (key, body) in enumerate(flows.items())
        ]
        made = project_store(
            project=Project(items=items), name=name, author=Author(self.user, Door.IMPORT)
        )
        return f"assistants/{made.pk}/"

    def get(self, path: str) -> Any:
        answer = self.api.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content[:500]
        return answer.json()

    def post(self, path: str, data: Any) -> None:
        answer = self.api.post(f"/api/v1/{path}", data, format="json")
        assert answer.status_code in {200, 201}, answer.content[:500]

    def create(self, base: str, key: str, body: Any) -> None:
        self.post(f"{base}flows/", {"id": key, "body": body})

    def save(self, base: str, key: str, body: Any, query: str = "") -> float:
        """Milliseconds of the write alone."""
        url = f"{base}flows/{key}/{query}"
        data = {"revision": self.get(url)["revision"], "body": body}
        started = time.perf_counter()
        answer = self.api.put(f"/api/v1/{url}", data, format="json")
        took = (time.perf_counter() - started) * 1000
        assert answer.status_code == 200, answer.content[:500]
        return took

    def saves(self, base: str, count: int) -> list[float]:
        body = flow(0, 300)
        self.create(base, "long", body)
        times = []
        for number in range(count):
            steps = list(body["steps"])
            steps[number] = {**steps[number], "action": f"utter_{number}_changed"}
            times.append(self.save(base, "long", {**body, "steps": steps}))
        return times[5:]

    def milliseconds(self, path: str) -> float:
        """The best of five: the others had company on the machine."""
        return min(timed(lambda: self.get(path)) for _ in range(5))

    def bare_update(self, text: str) -> float:
        from django.db import connection, transaction

        def write() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE bench SET body = %s || body WHERE id = 1", [text[:1]])
                cursor.execute("UPDATE bench SET body = %s WHERE id = 1", [text])

        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench (id integer PRIMARY KEY, body text)")
            cursor.execute("INSERT INTO bench VALUES (1, '')")
        return percentile([timed(write) for _ in range(60)], 0.95)

    def stored_bytes(self) -> int:
        from django.db.models import Sum
        from django.db.models.functions import Length

        from studio.content.models import Blob, Draft

        total = 0
        for model, field in ((Blob, "body"), (Blob, "text"), (Draft, "delta")):
            rows = model._default_manager.aggregate(total=Sum(Length(field)))
            total += rows["total"] or 0
        return total

    def grow(self, base: str, count: int) -> Any:
        """Commits of single flows, stored as the service stores them, without the work between."""
        from studio.content.models import Blob, Branch, Commit, Door, Entry, Item

        branch = Branch.objects.get(assistant=UUID(base.split("/")[1]), name="main")
        items = list(Item.objects.filter(branch=branch, kind="flow").order_by("id"))
        for start in range(2, count + 2, 5000):
            numbers = range(start, min(start + 5000, count + 2))
            blobs = Blob.objects.bulk_create(
                Blob(assistant_id=branch.assistant_id, digest=f"bench {n}", body=flow(n, 5))
                for n in numbers
            )
            commits = Commit.objects.bulk_create(
                Commit(branch=branch, number=n, author=self.user, door=Door.BROWSER)
                for n in numbers
            )
            entries = []
            for n, blob, commit in zip(numbers, blobs, commits, strict=True):
                item = items[n % len(items)]
                item.blob, item.revision = blob, n
                entries.append(
                    Entry(
                        commit=commit,
                        branch=branch,
                        number=n,
                        kind="flow",
                        key=item.key,
                        blob=blob,
                        path=item.path,
                        position=item.position,
                    )
                )
            Entry.objects.bulk_create(entries)
        Item.objects.bulk_update(items, ["blob", "revision"], batch_size=500)
        Branch.objects.filter(pk=branch.pk).update(head=count + 1)
        branch.refresh_from_db()
        return branch


if __name__ == "__main__":
    main()
