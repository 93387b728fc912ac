"""The real systems on loopback, without Docker: PostgreSQL, Redis, Keycloak, Kafka, an S3 server.

`python -m deploy.services up|down|status|run`. Each is one process with its data in a directory of
its own. Packages come from Debian, Maven and Go, pinned and checked; see `install.py`.
"""
