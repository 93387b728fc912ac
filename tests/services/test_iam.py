"""A PostgreSQL as Amazon's: the account has a token for its password, and another every second."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3.session
import psycopg
import pytest
from psycopg import sql

from modelservice.service.ports import free_port
from tests.services.test_database import EncryptedPostgres, ask, start

REGION, USER = "eu-central-1", "studio_iam"
KEY, SECRET = "AKIAEXAMPLE", "not-a-secret"
# The second connection is made while the first is in use, when its token is no longer the password.
_TWO = """
import threading, time, django
django.setup()
from django.db import connection
def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_user, ssl FROM pg_stat_ssl "
                       "WHERE pid = pg_backend_pid()")
        print("answer", *cursor.fetchone(), flush=True)
ask()
time.sleep(3)
other = threading.Thread(target=ask)
other.start()
other.join()
connection.close_pool()
"""


class IamPostgres(EncryptedPostgres):
    def prepare(self) -> None:
        super().prepare()
        rules = f"hostssl all {USER} all password\nhost all all 127.0.0.1/32 trust\n"
        (self.data / "pg_hba.conf").write_text(rules)

    @contextmanager
    def passwords_of_now(self, secret: str = SECRET) -> Iterator[None]:
        """As the server at Amazon does, it takes the token of this second, and no older one."""
        over = threading.Event()
        session = boto3.session.Session(KEY, secret)
        client = session.client("rds", region_name=REGION)
        place = {"DBHostname": "127.0.0.1", "Port": self.port, "DBUsername": USER}

        def change() -> None:
            statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
            with psycopg.connect(self.dsn(), autocommit=True) as connection:
                while not over.wait(0.05):
                    token = client.generate_db_auth_token(**place)
                    connection.execute(statement.format(sql.Identifier(USER), sql.Literal(token)))

        thread = threading.Thread(target=change)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


@pytest.fixture(scope="module")
def postgres() -> Iterator[IamPostgres]:
    with tempfile.TemporaryDirectory(prefix="studio-services-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has an account of its own
        made = IamPostgres(Path(folder) / "pg", free_port())
        made.start()
        with psycopg.connect(made.dsn(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {USER} LOGIN")
        yield made
        made.kill()


@pytest.fixture
def variables(postgres: IamPostgres, tmp_path: Path) -> dict[str, str]:
    return {
        **postgres.variables,
        "USE_AWS_IAM_AUTH": "true",
        "IAM_DB_USER": USER,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "",
        "DB_QUERY": f"sslrootcert={postgres.directory / 'server.crt'}&pool_timeout=10",
        "LOG_LEVEL": "DEBUG",
    }


def test_each_connection_has_a_token_of_its_own(
    tmp_path: Path, postgres: IamPostgres, variables: dict[str, str]
) -> None:
    variables["DB_QUERY"] = variables["DB_QUERY"].replace("pool_timeout=10", "pool_timeout=40")
    with postgres.passwords_of_now():
        process = start(tmp_path, "-c", _TWO, **variables)
        said, _ = process.communicate(timeout=60)
    answers = [line.split()[1:] for line in said.splitlines() if line.startswith("answer")]
    assert [each[1:] for each in answers] == [[USER, "True"]] * 2, said
    assert answers[0][0] != answers[1][0]
    assert "Signature" not in said


def test_a_token_of_somebody_else_is_refused(
    tmp_path: Path, postgres: IamPostgres, variables: dict[str, str]
) -> None:
    with postgres.passwords_of_now("another secret"):
        code, said = ask(tmp_path, "SELECT 1", **variables)
    assert code != 0
    assert f'password authentication failed for user "{USER}"' in said
    assert "X-Amz" not in said


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"AWS_REGION": ""}, "AWS_REGION is not set"),
        ({"IAM_DB_USER": ""}, "IAM_DB_USER is not set"),
        ({"DB_PASS": "geheim"}, "DB_PASS is set: one of them must go"),
        ({"DB_SSL": "false"}, "encrypted connections only; DB_SSL=false"),
        ({"DB_QUERY": "sslmode=prefer"}, "encrypted connections only; sslmode=prefer"),
        ({"AWS_ACCESS_KEY_ID": ""}, "no credentials of AWS were found: set AWS_ACCESS_KEY_ID"),
        ({"AWS_PROFILE": "nobody"}, "the credentials of AWS fail: The config profile (nobody)"),
    ],
)
def test_what_is_missing_is_named(
    tmp_path: Path, variables: dict[str, str], changed: dict[str, str], sentence: str
) -> None:
    code, said = ask(tmp_path, "SELECT 1", **{**variables, **changed})
    assert code != 0
    assert sentence in said
    assert "geheim" not in said
