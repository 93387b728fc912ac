"""Two people who push to one assistant at the same moment, at a running Studio."""

import copy
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.cli.client import CliClient, LocalProject, Refused

_ROUNDS = 5


def push_at_once(ana: CliClient, ben: CliClient, name: str, project: LocalProject) -> None:
    """What does not touch is merged; of what does one is refused, whoever was quicker.

    Both are the first to push after a pull.
    """
    ana.upload(name, copy.deepcopy(project))
    of_ana, of_ben = ana.export(name), ben.export(name)
    for number in range(_ROUNDS):
        of_ana.flows["pay"]["description"] = f"pay somebody, round {number}"
        of_ben.flows["help"]["description"] = f"tell what is possible, round {number}"
        together(partial(ana.push, name, of_ana), partial(ben.push, name, of_ben))
        at_end = ana.export(name)
        assert at_end.flows == {"pay": of_ana.flows["pay"], "help": of_ben.flows["help"]}
        of_ana, of_ben = at_end, ben.export(name)

    for number in range(_ROUNDS):
        of_ana.flows["pay"]["description"] = f"Ana's {number}"
        of_ben.flows["pay"]["description"] = f"Ben's {number}"
        told = together(partial(ana.push, name, of_ana), partial(ben.push, name, of_ben))
        [refused] = [each for each in told if each]
        assert "Nothing was pushed. One field was changed by others and by you." in refused
        stands = "Ana's" if told[1] else "Ben's"
        assert ana.export(name).flows["pay"]["description"] == f"{stands} {number}"
        of_ana, of_ben = ana.export(name), ben.export(name)


def together(*calls: Callable[[], None]) -> list[str]:
    """What each was refused with; empty where it was not."""
    all_there = threading.Barrier(len(calls))

    def run(call: Callable[[], None]) -> str:
        all_there.wait(10)
        try:
            call()
        except Refused as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
