"""`python -m modelservice`: the model service under daphne.

Listens on RASA_MODEL_SERVER_HOST and RASA_MODEL_SERVER_PORT. On TERM and INT it first ends its
children, then itself.
"""

import asyncio
import logging
import os

import daphne.server  # noqa: F401  installs the asyncio reactor, before anybody looks at it

log = logging.getLogger("modelservice")


def main() -> None:
    # Daphne installs the asyncio reactor when it is imported; only then may it be looked at.
    from twisted.internet import reactor
    from twisted.internet.defer import Deferred

    from modelservice import settings
    from modelservice.asgi import application
    from modelservice.common.server import Server
    from modelservice.limits import LIMITS
    from modelservice.service.supervisor import supervisor

    def end_children() -> "Deferred[None]":
        return Deferred.fromFuture(asyncio.ensure_future(supervisor.stop()))

    if not settings.SECRET:
        log.warning("without MODEL_SERVICE_SECRET whoever reaches this port commands the service")
    reactor.addSystemEventTrigger("before", "shutdown", end_children)  # type: ignore[arg-type]  # twisted's types are of another reactor
    Server(
        application,
        host=settings.HOST,
        port=settings.PORT,
        limits=LIMITS,
        ping_interval=settings.HEARTBEAT_SECONDS,
        ping_timeout=settings.HEARTBEAT_SECONDS,
        server_name="modelservice",
    ).run()
    # Children have ended. A thread may still wait for a storage server that says nothing.
    logging.shutdown()
    os._exit(0)


if __name__ == "__main__":
    main()
