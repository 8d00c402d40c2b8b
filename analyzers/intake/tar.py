"""A streaming tar reader (POSIX.1-2017 ustar and pax, GNU long names): headers only, never to disk by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from analyzers.records import dataclass
from analyzers.source import SourceError

BLOCK = 512
CHUNK = 256 * 1024
EXTENSION_LIMIT_BYTES = 64 * 1024
DAMAGED = "the tar archive is damaged or cut short; pack it again"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Member:
    """`kind`: "file", "folder" or "link" (any link, device or fifo). `data` is valid until the next member."""

    name: str
    kind: str
    size_bytes: int
    data: Iterator[bytes]


_KINDS = {b"0": "file", b"\0": "file", b"7": "file", b"5": "folder"}


def members(stream: Readable) -> Iterator[Member]:
    """Each member in order. Raises SourceError on a damaged archive."""
    name_override: str | None = None
    size_override: int | None = None
    while (header := _header(stream)) is not None:
        kind = header[156:157]
        size = _number(header[124:136])
        if kind in (b"L", b"K", b"x", b"X", b"g"):
            extension = _extension(stream, size)
            if kind == b"L":
                name_override = _text(extension.split(b"\0", 1)[0])
            elif kind in (b"x", b"X"):
                name_override, size_override = _pax(extension, name_override)
            continue
        size = size if size_override is None else size_override
        name = _name(header) if name_override is None else name_override
        name_override = size_override = None
        yield from _member(stream, name, kind, size)


def _member(stream: Readable, name: str, flag: bytes, size: int) -> Iterator[Member]:
    kind = _KINDS.get(flag, "link")
    if kind == "file" and name.endswith("/"):
        kind = "folder"
    if kind == "link" and flag in (b"1", b"2", b"3", b"4", b"5", b"6"):
        size = 0
    data = _data(stream, size)
    yield Member(name, kind, size, data)
    for _ in data:
        pass


def _header(stream: Readable) -> bytes | None:
    """The next header block; None at the end mark, without which the archive was cut short."""
    block = _exactly(stream, BLOCK)
    if block == bytes(BLOCK):
        return None
    stored = _number(block[148:156])
    if stored != sum(block[:148]) + 8 * 32 + sum(block[156:]):
        raise SourceError(DAMAGED)
    return block


def _data(stream: Readable, size: int) -> Iterator[bytes]:
    left = size
    while left:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            raise SourceError(DAMAGED)
        left -= len(chunk)
        yield chunk
    if size % BLOCK:
        _exactly(stream, BLOCK - size % BLOCK)


def _extension(stream: Readable, size: int) -> bytes:
    if size > EXTENSION_LIMIT_BYTES:
        raise SourceError(f"refused: a tar header extension is larger than {EXTENSION_LIMIT_BYTES // 1024} KiB")
    return b"".join(_data(stream, size))


def _pax(extension: bytes, name: str | None) -> tuple[str | None, int | None]:
    """`path` and `size` of pax records, each "LENGTH KEY=VALUE\\n"."""
    size: int | None = None
    position = 0
    while position < len(extension) and extension[position : position + 1] != b"\0":
        blank = extension.find(b" ", position, position + 20)
        digits = extension[position:blank]
        if blank < 0 or not digits.isdigit() or not (length := int(digits)):
            raise SourceError(DAMAGED)
        key, _, value = extension[blank + 1 : position + length].rstrip(b"\n").partition(b"=")
        if key == b"path":
            name = _text(value)
        elif key in (b"size", b"GNU.sparse.realsize"):
            size = _decimal(value) if key == b"size" else size
        position += length
    return name, size


def _decimal(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 20:
        raise SourceError(DAMAGED)
    return int(digits)


def _number(field: bytes) -> int:
    """Octal, or GNU's base 256 where the first bit is set."""
    if field[0] & 0x80:
        if field[0] != 0x80:
            raise SourceError(DAMAGED)
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if not digits:
        return 0
    if not digits.isdigit() or b"8" in digits or b"9" in digits:
        raise SourceError(DAMAGED)
    return int(digits, 8)


def _name(header: bytes) -> str:
    name = header[:100].split(b"\0", 1)[0]
    prefix = header[345:500].split(b"\0", 1)[0] if header[257:263] == b"ustar\0" else b""
    return _text(prefix + b"/" + name if prefix else name)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _exactly(stream: Readable, size: int) -> bytes:
    parts = []
    left = size
    while left:
        part = stream.read(left)
        if not part:
            break
        parts.append(part)
        left -= len(part)
    if left:
        raise SourceError(DAMAGED)
    return b"".join(parts)
