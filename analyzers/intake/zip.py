"""Reading zip archives that mean the same to every reader.

A zip whose central directory, local headers and size disagree can show one tree to us and another to a builder, so the
layout is checked before anything is unpacked (as package indexes do since CVE-2025-54368).
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from analyzers.intake.decompress import CHUNK, Guard
from analyzers.intake.limits import MIB, Limits
from analyzers.intake.names import shown
from analyzers.intake.writer import TreeWriter
from analyzers.source import SourceError

DAMAGED = "the zip archive is damaged; pack it again"
LOCAL_HEADER_BYTES = 30
ENCRYPTED = 0x1


def extract_zip(file: BinaryIO, packed_bytes: int, writer: TreeWriter, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            _check_layout(archive, packed_bytes, limits)
            guard = Guard(packed_bytes, limits)
            for info in archive.infolist():
                _extract(archive, info, writer, guard)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise SourceError(DAMAGED) from error


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, writer: TreeWriter, guard: Guard) -> None:
    name = info.orig_filename
    if name.endswith("/"):
        writer.add_folder(name)
    elif stat.S_ISLNK(info.external_attr >> 16):
        writer.add_link(name)
    else:
        writer.add_file(name, _chunks(archive, info, guard))


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, guard: Guard) -> Iterator[bytes]:
    with archive.open(info) as member:
        yield from (guard.count(chunk) for chunk in iter(lambda: member.read(CHUNK), b""))


def _check_layout(archive: zipfile.ZipFile, packed_bytes: int, limits: Limits) -> None:
    """One member after the other from the first byte on, nothing hidden between, before or behind them."""
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    if len(infos) > 2 * limits.files:
        raise SourceError(f"refused: more than {limits.files:,} files; leave generated folders out")
    if sum(info.file_size for info in infos) > 2 * limits.extracted_bytes:
        raise SourceError(f"refused: more than {limits.extracted_bytes // MIB} MiB unpacked")
    end = 0
    for info in infos:
        if info.flag_bits & ENCRYPTED:
            raise SourceError(f"refused: {shown(info.orig_filename)!r} is encrypted; pack it without a password")
        if info.header_offset < end or (end == 0 and info.header_offset != 0):
            raise SourceError("refused: the zip archive's members overlap or follow other data; pack it again")
        end = info.header_offset + LOCAL_HEADER_BYTES + len(info.orig_filename) + info.compress_size
    if end > packed_bytes:
        raise SourceError(DAMAGED)
