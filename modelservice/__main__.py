"""`python -m modelservice`: the model service under Daphne.

Listens on RASA_MODEL_SERVER_HOST and RASA_MODEL_SERVER_PORT. On TERM and INT it first ends its
children, then itself.
"""

import logging

from modelservice.common.server import Server  # first: it installs the asyncio reactor

log = logging.getLogger("modelservice")


def main() -> None:
    from modelservice import settings
    from modelservice.asgi import application
    from modelservice.limits import LIMITS

    if not settings.SECRET:
        log.warning("MODEL_SERVICE_SECRET is not set: this port accepts commands from anybody")
    Server(
        application,
        host=settings.HOST,
        port=settings.PORT,
        limits=LIMITS,
        ping_interval=settings.HEARTBEAT_SECONDS,
        ping_timeout=settings.HEARTBEAT_SECONDS,
        server_name="modelservice",
    ).run()


if __name__ == "__main__":
    main()
