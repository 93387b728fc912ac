"""Read events of bots into the database."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ingestion.run import Ingestion


class Command(BaseCommand):
    help = "Read the events of running bots into the database, until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="read what is there, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.EVENTS_DIR.mkdir(parents=True, exist_ok=True)
        ingestion = Ingestion(
            settings.EVENTS_DIR,
            batch_size=settings.INGEST_BATCH_SIZE,
            poll_seconds=settings.INGEST_POLL_SECONDS,
        )
        if options["once"]:
            self.stdout.write(f"{ingestion.run_once()} events read")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ingestion.stop())
        ingestion.run()
