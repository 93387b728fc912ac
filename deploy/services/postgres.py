"""PostgreSQL, Debian's."""

from pathlib import Path

from deploy.services.install import debian
from deploy.services.service import HOST, Service

SUPERUSER = "studio"
DATABASES = ("studio", "keycloak")


class Postgres(Service):
    """`durable=False` forgets the last moments in a crash of the machine, and is quicker."""

    name = "postgres"
    account = "postgres"

    def __init__(self, directory: Path, port: int, *, durable: bool = True) -> None:
        super().__init__(directory, port)
        self._durable = durable

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def variables(self) -> dict[str, str]:
        return {
            "DB_HOST": HOST,
            "DB_PORT": str(self.port),
            "DB_NAME": "studio",
            "DB_USER": SUPERUSER,
        }

    def prepare(self) -> None:
        programs = Path(debian("postgresql", "postgres")).parent
        self.directory.mkdir(parents=True, exist_ok=True)
        if (self.data / "PG_VERSION").exists():
            return
        self.give(self.directory)
        self.as_account(
            [
                *(str(programs / "initdb"), "-D", str(self.data), "-U", SUPERUSER),
                *("--auth=trust", "--encoding=UTF8", "--locale=C"),
            ]
        )

    def command(self) -> list[str]:
        settings = [
            f"port={self.port}",
            f"listen_addresses={HOST}",
            f"unix_socket_directories={self.directory}",
            *([] if self._durable else ["fsync=off", "synchronous_commit=off"]),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        return [debian("postgresql", "postgres"), "-D", str(self.data), *options]

    def is_ready(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def started(self) -> None:
        import psycopg

        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
            for name in DATABASES:
                if (name,) not in rows:
                    connection.execute(f"CREATE DATABASE {name}")

    def dsn(self, database: str = "studio") -> str:
        return f"host={HOST} port={self.port} user={SUPERUSER} dbname={database}"
