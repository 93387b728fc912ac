"""Files out of a zip that a stranger made."""

import io
import posixpath
import stat
import struct
import zipfile
import zlib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from modelservice.project.errors import Finding, ProjectError

_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_MAX_COMMENT = 65_535
_LOCATOR64 = struct.Struct("<4sLQL")
_LOCATOR64_SIGNATURE = b"PK\x06\x07"
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_SIGNATURE = b"PK\x06\x06"
# Signature, then the lengths of name, extra field and comment.
_ENTRY = struct.Struct("<4s24x3H12x")
_ENTRY_SIGNATURE = b"PK\x01\x02"
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_SMALL = 1024 * 1024
_MAX_TARGET = 4096
# Links may point to links. What goes beyond is left out.
_MAX_HOPS = 10
_MAX_LINKS = 1000
# A fixed date keeps equal projects equal as zips.
_DATE = (2020, 1, 1, 0, 0, 0)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Sizes are of the unpacked files, in bytes; `ratio` is unpacked to packed, above 1 MiB."""

    entries: int = 20_000
    file_bytes: int = 20 * 1024 * 1024
    total_bytes: int = 200 * 1024 * 1024
    ratio: int = 200
    directory_bytes: int = 4 * 1024 * 1024


@dataclass(slots=True)
class Archive:
    """Path to bytes of every file, and paths that were left out, each with the reason."""

    files: dict[str, bytes] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def read_archive(content: bytes, limits: ArchiveLimits | None = None) -> Archive:
    """A folder that holds everything is stripped. A link to something inside the zip is read as
    what it points to; other links and special files are left out.

    :raises ProjectError: not a zip, over a limit, or an entry that does not stay inside
    """
    limits = limits or ArchiveLimits()
    stream = io.BytesIO(content)
    check_directory(stream, limits)
    archive, links = Archive(), {}
    try:
        with zipfile.ZipFile(stream) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            _check_entries(entries, limits)
            for entry in entries:
                if is_link(entry):
                    links[entry.filename] = _target(packed, entry)
                elif not is_regular(entry):
                    archive.left_out[entry.filename] = "a special file; not stored"
                else:
                    archive.files[entry.filename] = _read(packed, entry, limits)
    except BROKEN as error:
        raise ProjectError(Finding(f"The zip is damaged: {error}.")) from error
    _follow_links(archive, links, limits)
    return _without_top_folder(archive)


def check_directory(stream: IO[bytes], limits: ArchiveLimits) -> None:
    """Refuse before `zipfile` reads the directory: a million entries would cost their memory.
    What is there is counted, whatever the trailer says.

    :raises ProjectError: not a zip, or more entries than there may be
    """
    end, size = _directory(stream)
    if size > limits.directory_bytes:
        raise ProjectError(Finding(_too_many(limits)))
    stream.seek(max(end - size, 0))
    directory = stream.read(size)
    count = place = 0
    while place + _ENTRY.size <= len(directory):
        signature, name, extra, comment = _ENTRY.unpack_from(directory, place)
        if signature != _ENTRY_SIGNATURE:
            break
        place += _ENTRY.size + name + extra + comment
        count += 1
        if count > limits.entries:
            raise ProjectError(Finding(_too_many(limits)))
    stream.seek(0)


def _directory(stream: IO[bytes]) -> tuple[int, int]:
    """(where the directory ends, its size in bytes), found as `zipfile` finds them."""
    total = stream.seek(0, io.SEEK_END)
    start = max(total - _END.size - _MAX_COMMENT, 0)
    stream.seek(start)
    tail = stream.read()
    found = len(tail) - _END.size
    if found < 0 or tail[found : found + 4] != _END_SIGNATURE or tail[-2:] != b"\0\0":
        found = tail.rfind(_END_SIGNATURE)
    if found < 0 or len(tail) - found < _END.size:
        raise ProjectError(Finding("This is not a zip file."))
    end = start + found
    size: int = _END.unpack_from(tail, found)[5]
    locator_at = end - _LOCATOR64.size
    if locator_at < _END64.size:
        return end, size
    stream.seek(locator_at - _END64.size)
    record = stream.read(_END64.size)
    signature, *_others = _LOCATOR64.unpack(stream.read(_LOCATOR64.size))
    if signature != _LOCATOR64_SIGNATURE or record[:4] != _END64_SIGNATURE:
        return end, size
    return locator_at - _END64.size, int(_END64.unpack(record)[8])


def _too_many(limits: ArchiveLimits) -> str:
    return f"The zip has more than {limits.entries:,} entries."


def _check_entries(entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
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
        findings.append(_too_large(limits))
    if findings:
        raise ProjectError(*findings[:20])


def _too_large(limits: ArchiveLimits) -> Finding:
    return Finding(f"Unpacked, the zip is larger than {limits.total_bytes // 1024 // 1024} MB.")


def _refusal(entry: zipfile.ZipInfo, limits: ArchiveLimits) -> str | None:
    packed = max(entry.compress_size, 1)
    megabytes = limits.file_bytes // 1024 // 1024
    checks = (
        (not stays_inside(entry.filename), "The path leads outside the project."),
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


def is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def is_regular(entry: zipfile.ZipInfo) -> bool:
    """Whether it is a plain file; zips of some systems do not say what an entry is."""
    return stat.S_IFMT(entry.external_attr >> 16) in {0, stat.S_IFREG}


def stays_inside(name: str) -> bool:
    """Whether a path of a zip leads to a place below the folder that it is unpacked in."""
    path = PurePosixPath(name)
    has_drive = bool(path.parts) and path.parts[0].endswith(":")
    leads_out = path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name
    return not (leads_out or has_drive)


def _target(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """What a link points to, from the top of the zip."""
    with archive.open(entry) as stream:
        written = stream.read(_MAX_TARGET).decode("utf-8", "replace")
    return posixpath.normpath(posixpath.join(posixpath.dirname(entry.filename), written))


def _follow_links(archive: Archive, links: dict[str, str], limits: ArchiveLimits) -> None:
    files = archive.files
    waiting = dict(list(links.items())[:_MAX_LINKS])
    total = sum(map(len, files.values()))
    for _ in range(_MAX_HOPS):
        folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
        for link, target in list(waiting.items()):
            found = _pointed_to(files, folders, link, target)
            if not found:
                continue
            del waiting[link]
            total += sum(map(len, found.values()))
            if len(files) + len(found) > limits.entries:
                raise ProjectError(Finding(_too_many(limits)))
            if total > limits.total_bytes:
                raise ProjectError(_too_large(limits))
            files.update(found)
    for link in [*waiting, *list(links)[_MAX_LINKS:]]:
        archive.left_out[link] = "a link that leads to nothing in the zip; not stored"


def _pointed_to(
    files: Mapping[str, bytes], folders: Container[str], link: str, target: str
) -> dict[str, bytes]:
    """What a link stands for: a file, or every file of a folder, by its path below the link."""
    if target in files:
        return {link: files[target]}
    if target not in folders:
        return {}
    return {
        f"{link}{path[len(target) :]}": content
        for path, content in files.items()
        if path.startswith(f"{target}/") and not path.startswith(f"{link}/")
    }


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ArchiveLimits) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(limits.file_bytes + 1)
    if len(content) != entry.file_size:
        raise ProjectError(Finding("The size in the zip is not true.", file=entry.filename))
    return content


def _without_top_folder(archive: Archive) -> Archive:
    """People zip the folder as often as its content."""
    kept = {path: content for path, content in archive.files.items() if not _is_litter(path)}
    tops = {path.split("/", 1)[0] for path in kept if "/" in path}
    wrapped = len(tops) == 1 and all("/" in path for path in kept) and not _looks_like_root(kept)
    top = f"{tops.pop()}/" if wrapped else ""
    return Archive(
        {path.removeprefix(top): content for path, content in kept.items()},
        {path.removeprefix(top): reason for path, reason in archive.left_out.items()},
    )


def _looks_like_root(files: Iterable[str]) -> bool:
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
