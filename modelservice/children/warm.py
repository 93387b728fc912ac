"""`python -m modelservice.children.warm`: our CALM runtime, imported and waiting for its orders.

One line of JSON on standard input (`Orders`) makes it the training or bot that it was started for;
the end of standard input without one ends it, as it does when the service dies. An argument, JSON,
has the closed ports of its sandbox: that rule takes longest, so it is applied while nobody waits.
"""

import importlib
import json
import os
import sys

from modelservice.calm.command_line import main as run_command
from modelservice.children.launch import Orders, apply, close_ports

# What `run` would import first: nine tenths of the time until a bot answers.
_IMPORTED = (
    "modelservice.calm.channels.bot",
    "modelservice.calm.channels.server",
    "modelservice.calm.channels.serving",
    "modelservice.calm.content.environment",
)


def main() -> int:
    close_ports(json.loads(sys.argv[1]))
    for name in _IMPORTED:
        importlib.import_module(name)
    line = sys.stdin.readline()
    if not line:
        return 0
    orders: Orders = json.loads(line)
    output = os.open(orders["log_file"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(output)
    os.environ.clear()
    os.environ.update(orders["variables"])
    os.chdir(orders["directory"])
    try:
        apply(orders["sandbox"])
    except OSError as error:
        sys.exit(f"error: this process cannot be confined as the settings ask: {error}")
    return run_command(orders["arguments"])


if __name__ == "__main__":
    sys.exit(main())
