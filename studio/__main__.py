"""`python -m studio`: the backend under Daphne, on STUDIO_HOST and STUDIO_PORT."""

import os

from modelservice.common.server import Server  # first: it installs the asyncio reactor


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.base")
    from studio.asgi import application  # sets Django up

    # isort: split
    from django.conf import settings

    from studio.limits import LIMITS

    Server(
        application,
        host=settings.STUDIO_HOST,
        port=settings.STUDIO_PORT,
        limits=LIMITS,
        server_name="",
    ).run()


if __name__ == "__main__":
    main()
