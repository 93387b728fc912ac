"""Makes a model what another release would have made; `python -m` with its path."""

import gzip
import io
import json
import sys
import tarfile
from pathlib import Path

from modelservice.common.model_format import MODEL_FORMAT


def made_older(model: Path, *, names_its_form: bool) -> None:
    """The first releases named no form in the metadata."""
    with tarfile.open(model, "r:gz") as archive:
        files = {
            member.name: json.load(archive.extractfile(member) or io.BytesIO())
            for member in archive.getmembers()
        }
    files["model.json"]["format"] = MODEL_FORMAT - 1
    del files["metadata.json"]["format"]
    if names_its_form:
        files["metadata.json"]["format"] = MODEL_FORMAT - 1
    unpacked = io.BytesIO()
    with tarfile.open(fileobj=unpacked, mode="w") as archive:
        for name, content in files.items():
            body = json.dumps(content).encode()
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    model.write_bytes(gzip.compress(unpacked.getvalue()))


if __name__ == "__main__":
    made_older(Path(sys.argv[1]), names_its_form=True)
