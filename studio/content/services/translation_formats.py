"""The formats that texts go to translators in."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.text import slugify

from modelservice.project.translation_csv import read_csv, write_csv
from modelservice.project.translation_files import TranslationFile
from modelservice.project.translation_xliff import read_xliff, write_xliff


@dataclass(frozen=True, slots=True)
class Format:
    suffix: str
    media_type: str
    write: Callable[[TranslationFile], bytes]


FORMATS = {
    "xliff": Format("xlf", "application/xliff+xml", write_xliff),
    "csv": Format("csv", "text/csv; charset=utf-8", write_csv),
}


def export_content(file: TranslationFile, name: str) -> bytes:
    return FORMATS[name].write(file)


def export_name(file: TranslationFile, name: str, show: str) -> str:
    """Of the assistant, the language and what it holds."""
    own = slugify(file.name) or "assistant"
    return f"{own}-{file.language}-{show}.{FORMATS[name].suffix}"


def file_read(content: bytes) -> TranslationFile:
    """In whichever format it is: XML begins with a `<`, and a table does not.

    :raises ProjectError: it cannot be read
    """
    start = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    return read_xliff(content) if start.startswith(b"<") else read_csv(content)
