"""`python -m tests.upgrade.make NAME`: keep the present state of both databases, filled."""

import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.services.catalogue import the, throwaway
from deploy.services.postgres import Postgres
from tests.upgrade.databases import FOLDER, process


def main() -> None:
    [name] = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        settings = {"STUDIO_DATA_DIR": folder}
        process("manage.py", "migrate", "--verbosity", "0", **settings)
        shown = process("-m", "tests.upgrade.pages", "fill", **settings)
        (FOLDER / f"{name}.json").write_text(shown, encoding="utf-8")
        database = (Path(folder) / "studio.sqlite3").read_bytes()
        (FOLDER / f"{name}.sqlite3.xz").write_bytes(lzma.compress(database))
    with tempfile.TemporaryDirectory() as folder, throwaway(("postgres",)) as services:
        postgres = the(Postgres, services)
        settings = {"STUDIO_DATA_DIR": folder, **postgres.variables}
        process("manage.py", "migrate", "--verbosity", "0", **settings)
        shown = process("-m", "tests.upgrade.pages", "fill", **settings)
        assert shown == (FOLDER / f"{name}.json").read_text(encoding="utf-8")
        where = ["-h", postgres.variables["DB_HOST"], "-p", postgres.variables["DB_PORT"]]
        dump = subprocess.run(
            ["pg_dump", "--no-owner", *where, "-U", postgres.variables["DB_USER"], "studio"],
            env=os.environ,
            stdout=subprocess.PIPE,
            check=True,
        )
        (FOLDER / f"{name}.sql.xz").write_bytes(lzma.compress(dump.stdout))


if __name__ == "__main__":
    main()
