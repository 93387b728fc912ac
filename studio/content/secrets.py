"""Secret values in endpoints.yml and credentials.yml: shown only to who may edit settings."""

import re
from typing import Any

from modelservice.project.model import Kind
from modelservice.project.yaml_nodes import Node, Source

MASK = "••••••"
_SECRET_KINDS = {Kind.ENDPOINTS.value, Kind.CREDENTIALS.value}
_SECRET_KEY = re.compile(
    r"(password|passwd|secret|token|api_?key|access_?key|private_?key|auth|credential|sasl_|dsn"
    r"|connection_?string|signature|verify)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\$\{\w+\}")
# A password inside an address: redis://user:password@host
_IN_ADDRESS = re.compile(r"(?<=://)([^/\s:@]*):([^/\s@]+)(?=@)")


def masked_body(kind: str, body: Any) -> Any:
    """The body as it may be shown to everybody who may see the assistant."""
    return masked(body) if kind in _SECRET_KINDS and isinstance(body, str) else body


def masked(text: str) -> str:
    """The text with the values of secret keys masked; references to the environment stay.

    A text that cannot be read as YAML is masked whole: nobody can tell what is in it.
    """
    source = Source(text)
    if source.root is None:
        return text if not text.strip() or _only_comments(text) else MASK
    places: list[tuple[int, int]] = []
    _collect(source, source.root, places, secret=False)
    for start, end in sorted(places, reverse=True):
        text = text[:start] + f'"{MASK}"' + text[end:]
    return masked_address(text)


def masked_address(text: str) -> str:
    """The text with the passwords of addresses masked."""
    return _IN_ADDRESS.sub(rf"\1:{MASK}", text)


def _only_comments(text: str) -> bool:
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())


def _collect(source: Source, node: Node, places: list[tuple[int, int]], *, secret: bool) -> None:
    for name, _start, value in node.entries:
        _collect(source, value, places, secret=secret or bool(_SECRET_KEY.search(name)))
    for item in node.items:
        _collect(source, item, places, secret=secret)
    if secret and not node.entries and not node.items and node.end > node.start:
        written = source.text[node.start : node.end]
        if not _REFERENCE.fullmatch(written.strip("\"'")):
            places.append((node.start, node.end))
