"""Where a storage is, in the words of its settings, and sentences about what goes wrong there."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from modelservice.storage.errors import StorageProblem


def without_secrets(address: str) -> str:
    """An address as it may be shown: no user, password or query (which may hold a signature)."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


@dataclass(frozen=True)
class Place:
    provider: str  # Amazon S3 …
    address: str  # for people, without secrets
    address_hint: str  # what to check when it cannot be reached
    bucket: str  # bucket 'models' …
    bucket_variable: str
    credentials_hint: str  # what to set when there are none

    def answered(self, doing: str, status: int, code: str) -> StorageProblem:
        """What an HTTP status means to whoever wanted to do `doing` ("read", "write" …)."""
        if status in {408, 429} or status >= 500:
            return self.busy(code)
        if status == 412:
            return self.changed()
        if status in {401, 403}:
            return self.denied(doing, code)
        return self.no_bucket() if status == 404 else self.refused(doing, code)

    def unreachable(self, cause: str) -> StorageProblem:
        return StorageProblem(
            f"{self.provider} at {self.address} cannot be reached ({cause}): "
            f"check {self.address_hint}.",
            is_transient=True,
        )

    def busy(self, code: str) -> StorageProblem:
        return StorageProblem(
            f"{self.provider} at {self.address} cannot answer now ({code}): try again later.",
            is_transient=True,
        )

    def changed(self) -> StorageProblem:
        return StorageProblem(
            f"The object in {self.bucket} of {self.provider} was replaced while it was read: "
            "try again.",
            is_transient=True,
        )

    def denied(self, doing: str, code: str) -> StorageProblem:
        return StorageProblem(
            f"{self.provider} denies access ({code}): these credentials may not {doing} in "
            f"{self.bucket}. Check {self.credentials_hint}, and what they permit."
        )

    def no_bucket(self) -> StorageProblem:
        return StorageProblem(
            f"{self.provider} at {self.address} has no {self.bucket}: create it, or correct "
            f"{self.bucket_variable}."
        )

    def no_credentials(self, cause: str) -> StorageProblem:
        return StorageProblem(
            f"There are no usable credentials for {self.provider} ({cause}): "
            f"set {self.credentials_hint}."
        )

    def refused(self, doing: str, code: str) -> StorageProblem:
        return StorageProblem(
            f"{self.provider} at {self.address} refuses to {doing} in {self.bucket} ({code}): "
            "check the storage's settings."
        )

    def no_library(self, package: str) -> StorageProblem:
        return StorageProblem(
            f"{self.provider} needs the Python package {package}: install it, or unset "
            "RASA_REMOTE_STORAGE."
        )
