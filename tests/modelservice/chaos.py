"""`python -m tests.modelservice.chaos [ROUNDS] [SEED]`: kill the service at random moments.

Each round starts the service again on the same working directory, holds what it tells against what
is true, gives it work and kills it (or a child of it) in the middle of that. Counted, and to be 0:
orphan processes, lost models, wrong states, left directories.
"""

import random
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import psutil

from modelservice.service.processes import marked
from tests.modelservice.conftest import Realm, Service, bot_body, training_body

# The life of a training and of a bot of the small assistant, and a little more.
_LONGEST_SECONDS = 1.0
_LATEST_TRUTH_SECONDS = 5.0


@dataclass
class Tally:
    kills: int = 0
    child_kills: int = 0
    done: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Chaos:
    service: Service
    chance: random.Random
    tally: Tally = field(default_factory=Tally)
    accepted: set[str] = field(default_factory=set)
    done: dict[str, str] = field(default_factory=dict)
    stopped_bots: set[str] = field(default_factory=set)
    number: int = 0

    def round(self) -> None:
        self.look()
        self.work()
        time.sleep(self.chance.uniform(0, _LONGEST_SECONDS))
        if self.chance.random() < 0.3:
            self.kill_a_child()
            time.sleep(self.chance.uniform(0, 0.1))
        self.service.kill()
        self.tally.kills += 1
        self.service.start()

    def work(self) -> None:
        """A training always, a bot of a finished model often; few are kept running."""
        self.number += 1
        name = f"t-{self.number}"
        if self.sent("/training", training_body(name)):
            self.accepted.add(name)
        running = [bot for bot in self.bots() if bot["status"] != "stopped"]
        for bot in running[2:]:
            self.service.http.delete(f"/bot/{bot['deployment_id']}")
        if self.done and self.chance.random() < 0.7:
            model = self.chance.choice(list(self.done.values()))
            self.sent("/bot", bot_body(f"d-{self.number}", model))

    def sent(self, path: str, body: dict[str, Any]) -> bool:
        try:
            return self.service.http.post(path, json=body).status_code == 200
        except httpx2.HTTPError:
            return False

    def kill_a_child(self) -> None:
        assert self.service.process is not None
        children = psutil.Process(self.service.process.pid).children()
        if children:
            self.chance.choice(children).kill()
            self.tally.child_kills += 1

    def look(self) -> None:
        """What is told must come true soon; what was done once stays done."""
        deadline = time.monotonic() + _LATEST_TRUTH_SECONDS
        while (faults := self.faults()) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.tally.faults += [f"round {self.number}: {fault}" for fault in faults]

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
            if training["status"] == "done" and name not in self.done:
                if self.is_whole(training["model_name"]):
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
        drafts = [path.name for path in base.rglob("*.draft")]
        return [f"{name} is left" for name in [*(found - known), *drafts]]

    def is_whole(self, model: str) -> bool:
        answer = self.service.http.get(f"/models/{model}")
        if answer.status_code != 200:
            return False
        with tarfile.open(fileobj=BytesIO(answer.content)) as archive:
            return bool(archive.getmembers())

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
    realm = Realm()
    service = Service(directory, realm, MODEL_SERVICE_WARM_CHILDREN="0", LOG_LEVEL="ERROR")
    chaos = Chaos(service, random.Random(seed))
    try:
        for _ in range(rounds):
            chaos.round()
        chaos.look()
    finally:
        service.stop()
        realm.server.shutdown()
    left = [process.pid for process in marked(str(directory))]
    if left:
        chaos.tally.faults.append(f"after an orderly stop {len(left)} processes are left")
    return chaos.tally


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as directory:
        tally = run(Path(directory), rounds, seed)
    sys.stdout.write(
        f"{tally.kills} kills of the service and {tally.child_kills} of children, "
        f"{tally.done} trainings done, {len(tally.faults)} faults\n"
    )
    sys.stdout.writelines(f"  {fault}\n" for fault in tally.faults)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
