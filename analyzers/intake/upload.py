"""An uploaded file: a zip, a tar (plain, gzip or zstd), or a single Dockerfile, told apart by content."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from analyzers import regexes as re
from analyzers.intake.decompress import GZIP, ZSTD, opened
from analyzers.intake.limits import MIB, Limits
from analyzers.intake.names import shown
from analyzers.intake.tar import members
from analyzers.intake.writer import TreeWriter
from analyzers.intake.zip import extract_zip
from analyzers.source import Source, SourceError

FORMATS = "a zip, tar, tar.gz or tar.zst archive, or a single Dockerfile"
_FROM = re.compile(rb"^\s*FROM\s+\S", re.IGNORECASE | re.MULTILINE)


def open_upload(file: BinaryIO, filename: str, into: Path, limits: Limits | None = None) -> Source:
    """Unpack into the empty private folder `into`. Raises SourceError with the reason and the limit."""
    limits = limits or Limits()
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise SourceError(f"{shown(filename)!r} is empty; upload {FORMATS}")
    if size > limits.upload_bytes:
        raise SourceError(f"refused: the file is larger than {limits.upload_bytes // MIB} MiB; leave data and .git out")
    writer = TreeWriter(into, limits)
    _unpack(file, filename, size, writer, limits)
    tree = writer.tree()
    if not tree.entries:
        raise SourceError("the archive holds no files; pack the folder that holds the Dockerfile")
    return Source(tree, "upload", shown(filename))


def _unpack(file: BinaryIO, filename: str, size: int, writer: TreeWriter, limits: Limits) -> None:
    head = file.read(512)
    file.seek(0)
    if head.startswith(b"PK"):
        extract_zip(file, size, writer, limits)
    elif head.startswith((GZIP, ZSTD)) or head[257:262] == b"ustar" or filename.lower().endswith(".tar"):
        _extract_tar(file, size, writer, limits)
    else:
        _single_dockerfile(file, filename, writer, limits)


def _extract_tar(file: BinaryIO, size: int, writer: TreeWriter, limits: Limits) -> None:
    for member in members(opened(file, size, limits)):
        if member.kind == "folder":
            writer.add_folder(member.name)
        elif member.kind == "file":
            writer.add_file(member.name, member.data)
        else:
            writer.add_link(member.name)


def _single_dockerfile(file: BinaryIO, filename: str, writer: TreeWriter, limits: Limits) -> None:
    data = file.read(limits.dockerfile_bytes + 1)
    named = re.search(r"(docker|container)file", filename, re.IGNORECASE)
    if b"\0" in data or not (named or _FROM.search(data)):
        raise SourceError(f"{shown(filename)!r} is not a format that can be read: upload {FORMATS}")
    if len(data) > limits.dockerfile_bytes:
        raise SourceError(f"refused: the Dockerfile is larger than {limits.dockerfile_bytes // 1024} KiB")
    writer.add_file("Dockerfile", [data])
