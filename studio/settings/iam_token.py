"""Passwords of a PostgreSQL in Amazon RDS that asks for no password but for who one is in AWS."""

from functools import cache
from typing import Any


class CannotSign(Exception):
    """There is nothing to sign a token with; the connection pool says so and tries again."""


def conninfo(*, host: str, port: int, user: str, region: str) -> str:
    """What a new connection adds to the settings: a token of its own, good for 15 minutes.

    :raises CannotSign:
    """
    from botocore.exceptions import BotoCoreError
    from psycopg.conninfo import make_conninfo

    try:
        client = _client(region)
        token = client.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user)
    except BotoCoreError as error:
        raise CannotSign(f"USE_AWS_IAM_AUTH: the credentials of AWS fail: {error}") from error
    return make_conninfo(password=token)


@cache
def _client(region: str) -> Any:
    """Signs on this machine; only credentials of a role are asked for, and renewed, elsewhere."""
    import boto3.session

    session = boto3.session.Session()
    if session.get_credentials() is None:
        hint = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role"
        raise CannotSign(f"USE_AWS_IAM_AUTH: no credentials of AWS were found: {hint}")
    return session.client("rds", region_name=region)
