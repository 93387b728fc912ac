"""`python -m tests.modelservice.chaos [ROUNDS] [SEED]`: kill at every step of every life.

Each round gives the service work on the same working directory, waits until that is at one step
of its life, and kills the service or the child with SIGKILL. What is told is held against what is
true: of a killed child within a second, of a killed service when it has been started again.
Counted, and to be 0: orphan processes, lost models (here and in storage), wrong states, left
directories.
"""

import os
import random
import signal
import sys
import tarfile
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import psutil

from modelservice.service.processes import marked
from tests.modelservice.conftest import Realm, Service, bot_body, training_body
from tests.modelservice.storage_servers import BUCKET, S3Server

# Who is killed, and when. A service that is killed while it loads what an earlier life has left
# has been killed before.
PLAN = (
    ("service", "queued"),
    ("service", "training"),
    ("child", "training"),
    ("service", "uploading"),
    ("service", "starting"),
    ("child", "starting"),
    ("service", "running"),
    ("child", "running"),
    ("service", "stopping"),
    ("service", "loading"),
)
_TRUTH_SECONDS = 1.0
_LATEST_TRUTH_SECONDS = 8.0
_STEP_SECONDS = 10.0
_MOST_BOTS = 3


@dataclass
class Tally:
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    done: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Chaos:
    service: Service
    storage: S3Server
    chance: random.Random
    tally: Tally = field(default_factory=Tally)
    accepted: set[str] = field(default_factory=set)
    done: dict[str, str] = field(default_factory=dict)
    stopped_bots: set[str] = field(default_factory=set)
    number: int = 0

    def round(self) -> None:
        victim, step = PLAN[self.number % len(PLAN)]
        self.number += 1
        self.look()
        place = self.reach(step)
        time.sleep(self.chance.uniform(0, 0.1))
        if victim == "child":
            self.kill_child(place)
        else:
            self.service.kill()
            if step == "loading":
                self.service.launch()
                time.sleep(self.chance.uniform(0, 1.2))
                self.service.kill()
            self.storage.process.send_signal(signal.SIGCONT)
            self.service.start()
        self.tally.kills[victim, step] += 1

    def reach(self, step: str) -> str:
        """Give work and wait until it is at that step. Returns its directory's place."""
        if step == "uploading":
            self.storage.process.send_signal(signal.SIGSTOP)
        name = f"{self.number}"
        if step in {"queued", "training", "uploading", "loading"}:
            self.train(f"t-{name}")
            place = f"trainings/t-{name}"
            if step == "queued":
                self.train(f"t-{name}-next")
                self.wait(lambda: self.told(f"training/t-{name}-next") == "queued", step)
            elif step == "uploading":
                self.wait(lambda: any((self.base / "state/uploads").glob("*.json")), step)
            else:
                self.wait(lambda: self.child(place) is not None, step)
            return place
        place = f"bots/d-{name}"
        self.run(f"d-{name}")
        if step == "starting":
            self.wait(lambda: self.child(place) is not None, step)
            return place
        self.wait(lambda: self.told(f"bot/d-{name}") == "running", step)
        if step == "stopping":
            threading.Thread(target=self.sent, args=("DELETE", f"/bot/d-{name}")).start()
        return place

    @property
    def base(self) -> Path:
        return self.service.directory

    def train(self, name: str) -> None:
        if self.sent("POST", "/training", training_body(name)):
            self.accepted.add(name)

    def run(self, name: str) -> None:
        """Few are kept running."""
        running = [bot for bot in self.bots() if bot["status"] != "stopped"]
        for bot in running[_MOST_BOTS:]:
            self.sent("DELETE", f"/bot/{bot['deployment_id']}")
        self.sent("POST", "/bot", bot_body(name, self.chance.choice(list(self.done.values()))))

    def sent(self, method: str, path: str, body: dict[str, Any] | None = None) -> bool:
        try:
            return self.service.http.request(method, path, json=body).status_code == 200
        except httpx2.HTTPError:
            return False

    def told(self, path: str) -> str:
        return str(self.service.http.get(f"/{path}").json().get("status"))

    def child(self, place: str) -> psutil.Process | None:
        return next(marked(str(self.base / place)), None)

    def kill_child(self, place: str) -> None:
        """What is told of it must be true within a second."""
        child = self.child(place)
        if child is None:
            return
        child.kill()
        path = place.replace("trainings/", "training/").replace("bots/", "bot/")
        deadline = time.monotonic() + _TRUTH_SECONDS
        while (told := self.told(path)) in {"running", "queued"}:
            if time.monotonic() > deadline:
                self.fault(f"{place} was killed and is told {told}")
                return
            time.sleep(0.02)

    def wait(self, check: Any, step: str) -> None:
        deadline = time.monotonic() + _STEP_SECONDS
        while not check():
            if time.monotonic() > deadline:
                self.fault(f"the step {step} was not reached")
                return
            time.sleep(0.005)

    def fault(self, text: str) -> None:
        self.tally.faults.append(f"round {self.number}: {text}")

    def look(self) -> None:
        """What is told must come true soon; what was done once stays done."""
        deadline = time.monotonic() + _LATEST_TRUTH_SECONDS
        while (faults := self.faults()) and time.monotonic() < deadline:
            time.sleep(0.1)
        for fault in faults:
            self.fault(fault)

    def faults(self) -> list[str]:
        trainings = {each["training_id"]: each for each in self.trainings()}
        bots = {each["deployment_id"]: each for each in self.bots()}
        return [
            *(f"training {name} is forgotten" for name in self.accepted - set(trainings)),
            *self.false_trainings(trainings),
            *self.false_bots(bots),
            *self.orphans(trainings, bots),
            *self.leftovers(trainings, bots),
        ]

    def false_trainings(self, trainings: dict[str, Any]) -> list[str]:
        faults = []
        for name, training in trainings.items():
            if name in self.done and training["status"] != "done":
                faults.append(f"training {name} was done and is {training['status']}")
            if training["status"] == "queued":
                faults.append(f"training {name} waits and is not begun")
            if training["status"] == "done" and name not in self.done:
                if self.is_whole(training["model_name"]) and self.is_stored(training["model_name"]):
                    self.done[name] = training["model_name"]
                    self.tally.done += 1
                else:
                    faults.append(f"the model of {name} is not whole")
            if training["status"] == "error" and not training["error"]:
                faults.append(f"training {name} failed without a reason")
        gone = [name for name, model in self.done.items() if not self.model_file(model).exists()]
        return [*faults, *(f"the model of {name} is lost" for name in gone)]

    def false_bots(self, bots: dict[str, Any]) -> list[str]:
        urls = {
            each["deployment_id"]: each["internal_url"]
            for each in self.service.http.get("/").json()["bots"]
        }
        faults = []
        for name, bot in bots.items():
            if bot["status"] == "stopped":
                self.stopped_bots.add(name)
            elif name in self.stopped_bots:
                faults.append(f"bot {name} was stopped and is {bot['status']}")
            elif bot["status"] == "running" and not _answers(urls[name]):
                faults.append(f"bot {name} is told running and does not answer")
            elif bot["status"] == "queued":
                faults.append(f"bot {name} neither runs nor ends")
        return faults

    def orphans(self, trainings: dict[str, Any], bots: dict[str, Any]) -> list[str]:
        living = sum(each["status"] == "running" for each in trainings.values())
        living += sum(each["status"] != "stopped" for each in bots.values())
        processes = [
            process.pid
            for process in marked(str(self.service.directory))
            if process.status() != psutil.STATUS_ZOMBIE
        ]
        if len(processes) > living:
            return [f"{len(processes)} processes for {living} trainings and bots"]
        return []

    def leftovers(self, trainings: dict[str, Any], bots: dict[str, Any]) -> list[str]:
        base = self.service.directory
        known = {name for name, each in trainings.items() if each["status"] == "running"}
        known |= {name for name, each in bots.items() if each["status"] != "stopped"}
        found = {path.name for kind in ("trainings", "bots") for path in (base / kind).iterdir()}
        drafts = [
            name
            for _folder, folders, files in os.walk(base)  # it minds no folder that goes meanwhile
            for name in (*folders, *files)
            if name.endswith((".draft", ".part"))
        ]
        drafts += [path.name for path in (base / "state/uploads").iterdir()]
        return [f"{name} is left" for name in [*(found - known), *drafts]]

    def is_whole(self, model: str) -> bool:
        answer = self.service.http.get(f"/models/{model}")
        if answer.status_code != 200:
            return False
        with tarfile.open(fileobj=BytesIO(answer.content)) as archive:
            return bool(archive.getmembers())

    def is_stored(self, model: str) -> bool:
        """In the bucket, the same as here."""
        key = f"{model}.tar.gz"
        stored = self.storage.client().get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return bool(stored == self.model_file(model).read_bytes())

    def model_file(self, model: str) -> Path:
        return self.service.directory / "models" / f"{model}.tar.gz"

    def trainings(self) -> list[dict[str, Any]]:
        answer = self.service.http.get("/training", params={"assistant_id": "a1"}).json()
        found: list[dict[str, Any]] = answer["training_sessions"]
        return found

    def bots(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.service.http.get("/bot").json()["deployment_sessions"]
        return found


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/license", timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False


def run(directory: Path, rounds: int, seed: int) -> Tally:
    (directory / "storage").mkdir()
    storage = S3Server(directory / "storage")
    realm = Realm()
    variables = {
        **storage.variables,
        "LOG_LEVEL": "ERROR",
        "MAX_PARALLEL_TRAININGS": "1",
        "TRAINING_QUEUE_SIZE": "3",
    }
    service = Service(directory / "data", realm, **variables)
    chaos = Chaos(service, storage, random.Random(seed))
    try:
        chaos.train("t-0")
        chaos.wait(lambda: chaos.told("training/t-0") == "done", "done")
        chaos.look()
        for _ in range(rounds):
            chaos.round()
        chaos.look()
    finally:
        service.stop()
        storage.kill()
        realm.server.shutdown()
    left = [process.pid for process in marked(str(service.directory))]
    if left:
        chaos.fault(f"after an orderly stop {len(left)} processes are left")
    return chaos.tally


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as directory:
        tally = run(Path(directory), rounds, seed)
    for (victim, step), count in tally.kills.items():
        sys.stdout.write(f"{count:4} kills of the {victim}, {step}\n")
    sys.stdout.write(
        f"{tally.kills.total():4} in all, {tally.done} trainings done, {len(tally.faults)} faults\n"
    )
    sys.stdout.writelines(f"  {fault}\n" for fault in tally.faults)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
