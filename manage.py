#!/usr/bin/env python
"""Command line of the backend. `python manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.base")
    # Milliseconds. The ingestion and its like write thousands of rows; a request waits for less.
    os.environ.setdefault("DB_TRANSACTION_TIMEOUT", "60000")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
