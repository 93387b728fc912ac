"""Processes of Studio on a database of one's own."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


def process(*words: str, **settings: str) -> str:
    """What a Python process with these settings prints; its errors go to ours."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings.base", **settings},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout
