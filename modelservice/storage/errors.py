"""What cloud storage could not do."""


class StorageProblem(Exception):
    """One sentence that a person can act on; keys, tokens and signatures are never in it.

    `is_transient`: the same call may succeed later though nobody changes a setting.
    """

    def __init__(self, sentence: str, *, is_transient: bool = False) -> None:
        super().__init__(sentence)
        self.is_transient = is_transient


class NotStored(StorageProblem):
    """The storage answers, and has no model of that name."""
