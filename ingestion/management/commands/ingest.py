"""Read events of bots into the database."""

import gc
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from ingestion.configured import configured_ingestion
from ingestion.status import serve
from ingestion.steps import TooManyInvalid
from studio.common.command import CommandWithExamples

_COLLECT_AFTER = 200_000


class Command(CommandWithExamples):
    help = "Read the events of running bots into the database, until SIGTERM."
    examples = ("manage.py ingest", "manage.py ingest --once")
    # They would load every page of the web application, for half as much memory again.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="read what is there, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        ingestion = configured_ingestion()
        # A batch makes and drops some hundred thousand objects, none of them in circles.
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ingestion.stop())
        try:
            if options["once"]:
                self.stdout.write(f"{ingestion.run_once()} events read")
                return
            if settings.INGEST_HTTP_PORT:
                server = serve(
                    ingestion.status, settings.INGEST_HTTP_HOST, settings.INGEST_HTTP_PORT
                )
                threading.Thread(target=server.serve_forever, daemon=True).start()
            ingestion.run()
        except TooManyInvalid as error:
            raise CommandError(str(error)) from None
