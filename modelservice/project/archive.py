"""Files out of a zip that a stranger made."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from modelservice.project.errors import Finding, ProjectError

_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_MAX_COMMENT = 65_535
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_SMALL = 1024 * 1024
# A fixed date keeps equal projects equal as zips.
_DATE = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Sizes are of the unpacked files, in bytes; `ratio` is unpacked to packed, above 1 MiB."""

    entries: int = 20_000
    file_bytes: int = 20 * 1024 * 1024
    total_bytes: int = 200 * 1024 * 1024
    ratio: int = 200
    directory_bytes: int = 4 * 1024 * 1024


def read_archive(content: bytes, limits: ArchiveLimits | None = None) -> dict[str, bytes]:
    """Path to bytes of every file; a folder that holds everything is stripped.

    :raises ProjectError: not a zip, over a limit, or an entry that does not stay inside
    """
    limits = limits or ArchiveLimits()
    _check_directory(content, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, limits)
            files = {
                entry.filename: _read(archive, entry, limits)
                for entry in entries
                if not entry.is_dir()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error) as error:
        raise ProjectError(Finding(f"The zip is damaged: {error}.")) from error
    return _without_top_folder(files)


def _check_directory(content: bytes, limits: ArchiveLimits) -> None:
    """Refuse before the directory is read: a million entries would cost their memory."""
    tail = content[-(_END_OF_DIRECTORY.size + _MAX_COMMENT) :]
    found = tail.rfind(_END_SIGNATURE)
    if found < 0 or len(tail) - found < _END_OF_DIRECTORY.size:
        raise ProjectError(Finding("This is not a zip file."))
    end = _END_OF_DIRECTORY.unpack_from(tail, found)
    entries, size = end[4], end[5]
    if entries > limits.entries or size > limits.directory_bytes:
        raise ProjectError(Finding(_too_many(limits)))


def _too_many(limits: ArchiveLimits) -> str:
    return f"The zip has more than {limits.entries:,} entries."


def _check_entries(entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if len(entries) > limits.entries:
        raise ProjectError(Finding(_too_many(limits)))
    seen: set[str] = set()
    findings = []
    for entry in entries:
        reason = _refusal(entry, limits)
        if entry.filename in seen:
            reason = "The same file is in the zip twice."
        seen.add(entry.filename)
        if reason:
            findings.append(Finding(reason, file=entry.filename))
    if sum(entry.file_size for entry in entries) > limits.total_bytes:
        size = limits.total_bytes // 1024 // 1024
        findings.append(Finding(f"Unpacked, the zip is larger than {size} MB."))
    if findings:
        raise ProjectError(*findings[:20])


def _refusal(entry: zipfile.ZipInfo, limits: ArchiveLimits) -> str | None:
    mode = entry.external_attr >> 16
    packed = max(entry.compress_size, 1)
    megabytes = limits.file_bytes // 1024 // 1024
    checks = (
        (not _stays_inside(entry.filename), "The path leads outside the project."),
        (
            stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR},
            "Links and special files cannot be imported.",
        ),
        (bool(entry.flag_bits & _ENCRYPTED), "The file is encrypted."),
        (
            entry.compress_type not in _READABLE,
            "The file is packed in a way that cannot be read; use plain zip (deflate).",
        ),
        (entry.file_size > limits.file_bytes, f"The file is larger than {megabytes} MB."),
        (
            entry.file_size > _SMALL and entry.file_size / packed > limits.ratio,
            "The file unpacks to far more than it holds (a zip bomb).",
        ),
    )
    return next((reason for refused, reason in checks if refused), None)


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    has_drive = bool(path.parts) and path.parts[0].endswith(":")
    return not (path.is_absolute() or ".." in path.parts or "\\" in name or has_drive)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ArchiveLimits) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(limits.file_bytes + 1)
    if len(content) != entry.file_size:
        raise ProjectError(Finding("The size in the zip is not true.", file=entry.filename))
    return content


def _without_top_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """People zip the folder as often as its content."""
    kept = {path: content for path, content in files.items() if not _is_litter(path)}
    tops = {path.split("/", 1)[0] for path in kept if "/" in path}
    if len(tops) == 1 and all("/" in path for path in kept) and not _looks_like_root(kept):
        top = tops.pop()
        return {path[len(top) + 1 :]: content for path, content in kept.items()}
    return kept


def _looks_like_root(files: dict[str, bytes]) -> bool:
    """A zip that holds nothing but `data/` or `domain/` is a project without its root files."""
    return all(path.startswith(("data/", "domain/")) for path in files)


def _is_litter(path: str) -> bool:
    parts = path.split("/")
    return parts[0] == "__MACOSX" or parts[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
