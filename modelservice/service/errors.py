"""What the model service refuses, and what fails, apart from what breaks."""


class Rejected(Exception):
    """The caller asked for something impossible. `status` is the answer's HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Failed(Exception):
    """Something that was begun cannot be brought to its end; the text is for people."""
