"""Why a backup is not made, or not restored; a sentence for the person at the shell."""


class CannotBackUp(Exception):
    """Nothing is left of it."""


class CannotRestore(Exception):
    """The database is as it was."""
