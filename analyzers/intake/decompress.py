"""Decompressed streams that stop at a bomb."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import zstandard

from analyzers.intake.limits import MIB, Limits
from analyzers.source import SourceError

CHUNK = 64 * 1024
ZSTD_WINDOW_LIMIT_BYTES = 128 * MIB
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"


class Guard:
    """Refuses what unpacks to more than `limits.ratio` times its size, once past `limits.ratio_from_bytes`."""

    def __init__(self, packed_bytes: int, limits: Limits) -> None:
        self._packed = max(1, packed_bytes)
        self._limits = limits
        self._out = 0

    def count(self, chunk: bytes) -> bytes:
        self._out += len(chunk)
        limits = self._limits
        if self._out > limits.ratio_from_bytes and self._out > limits.ratio * self._packed:
            raise SourceError(f"refused: it unpacks to more than {limits.ratio} times its size, as a bomb does")
        if self._out > 2 * limits.extracted_bytes:
            raise SourceError(f"refused: more than {limits.extracted_bytes // MIB} MiB unpacked")
        return chunk


class ChunkReader:
    """`read(size)` over an iterator of chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        part, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return part


def opened(file: BinaryIO, packed_bytes: int, limits: Limits) -> ChunkReader:
    """The file's plain bytes: gzip and zstd by their magic, anything else as it is."""
    magic = file.read(4)
    file.seek(0)
    guard = Guard(packed_bytes, limits)
    if magic.startswith(GZIP):
        return ChunkReader(map(guard.count, _gunzip(file)))
    if magic == ZSTD:
        return ChunkReader(map(guard.count, _unzstd(file)))
    return ChunkReader(map(guard.count, iter(lambda: file.read(CHUNK), b"")))


def _gunzip(file: BinaryIO) -> Iterator[bytes]:
    """All members of a gzip file, at most CHUNK bytes at a time however well they compress."""
    decoder = zlib.decompressobj(31)
    data = file.read(CHUNK)
    while data:
        try:
            yield decoder.decompress(data, CHUNK)
        except zlib.error:
            raise SourceError("the gzip file is damaged; pack it again") from None
        data = decoder.unconsumed_tail or (decoder.unused_data if decoder.eof else b"") or file.read(CHUNK)
        if decoder.eof and data:
            decoder = zlib.decompressobj(31)
    if not decoder.eof:
        raise SourceError("the gzip file is cut short; pack it again")


def _unzstd(file: BinaryIO) -> Iterator[bytes]:
    decoder = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_LIMIT_BYTES)
    try:
        with decoder.stream_reader(file, read_across_frames=True, closefd=False) as reader:
            yield from iter(lambda: reader.read(CHUNK), b"")
    except (zstandard.ZstdError, io.UnsupportedOperation):
        raise SourceError("the zstd file is damaged or needs too much memory; pack it again") from None
