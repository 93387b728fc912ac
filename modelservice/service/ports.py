"""Ports on loopback: free ones, and whose they are."""

import random
import socket
from collections.abc import Container, Sequence
from pathlib import Path

import psutil

_LOWEST = 20_000
_HIGHEST_OF_ALL = 61_000
_MOST_TRIES = 1000


def free_port(
    taken: Container[int] = (), together: int = 1, numbers: Sequence[int] | None = None
) -> int:
    """A port without a listener that is not among `taken` (given to other bots that have not bound
    theirs yet); the first of `together` in a row.

    Without `numbers` they are below those that the system gives to outgoing connections, so none
    of these can take one in the meantime.

    :raises OSError: all that were tried are in use
    """
    if numbers is None:
        numbers = range(_LOWEST, _first_of_the_system() - together + 1)
    for first in random.sample(numbers, min(len(numbers), _MOST_TRIES)):
        if all(each not in taken and _is_free(each) for each in range(first, first + together)):
            return first
    message = f"no port from {numbers[0]} to {numbers[-1]} is free"
    raise OSError(message)


def listens(pid: int, port: int) -> bool:
    """Whether it is this process, or one that it started, that listens on the port."""
    try:
        leader = psutil.Process(pid)
        family = [leader, *leader.children(recursive=True)]
        return any(
            connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            for process in family
            for connection in process.net_connections(kind="tcp")
        )
    except psutil.NoSuchProcess:
        return False


def _first_of_the_system() -> int:
    try:
        text = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text()
        first = int(text.split()[0])
    except (OSError, ValueError):
        return _HIGHEST_OF_ALL
    return first if first > _LOWEST + 1000 else _HIGHEST_OF_ALL


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
