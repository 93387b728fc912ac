"""The signing key of the embedded identity, kept in the data folder."""

import json
import os
from functools import cache
from pathlib import Path

from joserfc.jwk import RSAKey

KEY_BITS = 2048


def ensure_signing_key(directory: Path) -> None:
    """Create the key pair once. The private half is readable by its owner only."""
    private_path = directory / "signing-key.json"
    if not private_path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        key = RSAKey.generate_key(KEY_BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        _write_once(private_path, json.dumps(key.as_dict(private=True)))
    public_path = directory / "jwks.json"
    if not public_path.exists():
        public = signing_key(private_path).as_dict(private=False)
        _write_once(public_path, json.dumps({"keys": [public]}))


@cache
def signing_key(path: Path) -> RSAKey:
    return RSAKey.import_key(json.loads(path.read_text(encoding="utf-8")))


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all, and the first of two processes that start together wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
