"""What the model service refuses, apart from what breaks."""


class Rejected(Exception):
    """The caller asked for something impossible. `status` is the answer's HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
