"""Databases of earlier states, from which each later migration has to bring what is in them.

`first.sqlite3.xz` and `first.sql.xz` (a dump of PostgreSQL) hold the first state that has data to
keep; `python -m tests.upgrade.make` made them. They are never made anew: a later state gets files
of its own.
"""
