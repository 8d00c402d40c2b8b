"""A commit's files, listed by `ls-tree` and read by `cat-file --batch`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import BinaryIO, cast

from analyzers.intake.git_process import Git, GitFailed
from analyzers.intake.limits import MIB
from analyzers.intake.names import shown
from analyzers.intake.writer import TreeWriter
from analyzers.records import dataclass
from analyzers.source import SourceError

CHUNK = 256 * 1024
LINK_MODE = "120000"
SUBMODULE = "commit"


@dataclass(frozen=True, slots=True)
class Blob:
    mode: str
    object: str
    size_bytes: int
    path: str


def write_tree(git: Git, revision: str, subfolder: str, writer: TreeWriter) -> None:
    """Every file of the revision below the subfolder. Names that only differ by case keep the first."""
    blobs = list(_listed(git, revision, subfolder))
    if not blobs:
        raise SourceError(
            f"the repository has no folder {shown(subfolder)!r} with files in it"
            if subfolder
            else "the repository is empty"
        )
    _check_size(blobs, writer)
    seen: set[str] = set()
    with git.batch() as process:
        for blob in blobs:
            folded = blob.path.casefold()
            if folded in seen:
                writer.skip(blob.path, "differs from another file only by case")
            elif blob.mode == LINK_MODE:
                writer.add_link(blob.path)
            else:
                writer.add_file(blob.path, _content(process, blob))
            seen.add(folded)


def _listed(git: Git, revision: str, subfolder: str) -> Iterator[Blob]:
    treeish = f"{revision}:{subfolder}" if subfolder else revision
    try:
        listing = git.output("ls-tree", "-r", "-z", "-l", "--full-tree", treeish)
    except GitFailed:
        return
    for line in listing.split(b"\0"):
        if not line:
            continue
        head, _, name = line.partition(b"\t")
        mode, kind, object_name, size = head.decode().split()
        if kind != SUBMODULE:
            yield Blob(mode, object_name, int(size), name.decode("utf-8", "surrogateescape"))


def _check_size(blobs: list[Blob], writer: TreeWriter) -> None:
    limits = writer.limits
    if len(blobs) > limits.files:
        raise SourceError(
            f"refused: the repository has {len(blobs):,} files, more than {limits.files:,}; give a subfolder"
        )
    if sum(blob.size_bytes for blob in blobs) > limits.extracted_bytes:
        raise SourceError(
            f"refused: the repository holds more than {limits.extracted_bytes // MIB} MiB; give a subfolder"
        )


def _content(process: subprocess.Popen[bytes], blob: Blob) -> Iterator[bytes]:
    requests, replies = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
    requests.write(f"{blob.object}\n".encode())
    requests.flush()
    header = replies.readline().split()
    if len(header) != 3 or header[1] != b"blob":
        raise SourceError("the repository is damaged: an object is missing")
    left = int(header[2])
    while left:
        chunk = replies.read(min(CHUNK, left))
        if not chunk:
            raise SourceError("the repository is damaged: an object is cut short")
        left -= len(chunk)
        yield chunk
    replies.read(1)
