"""The library's data: JSON files in the folder db."""

import json
from pathlib import Path
from typing import Any

BOOKS = Path("db/books.json")
MEMBERS = Path("db/members.json")
LOANS = Path("db/loans.json")


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def find_book(title: str) -> "dict[str, Any] | None":
    wanted = title.strip().lower()
    return next((book for book in read(BOOKS) if book["title"].lower() == wanted), None)
