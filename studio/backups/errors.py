"""Why a backup is not made, or not restored; a sentence for the person at the shell."""


class BackupProblem(Exception):
    pass


class CannotBackUp(BackupProblem):
    """Nothing is left of it."""


class CannotRestore(BackupProblem):
    """The database is as it was."""
