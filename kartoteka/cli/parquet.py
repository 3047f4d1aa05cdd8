"""Reads flat Parquet files: the plain columns that review logs have, without a library of a hundred megabytes."""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC = b"PAR1"
BOOLEAN, INT32, INT64, FLOAT, DOUBLE, BYTE_ARRAY = 0, 1, 2, 4, 5, 6
PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY = 0, 2, 3, 8
FIXED: dict[int, np.dtype[Any]] = {INT32: np.dtype("<i4"), INT64: np.dtype("<i8"), FLOAT: np.dtype("<f4"), DOUBLE: np.dtype("<f8")}
LARGEST_PAGE = 1 << 30


class Unreadable(ValueError):
    """The file is no Parquet file that can be read here; the sentence says why."""


def read(data: bytes) -> dict[str, NDArray[Any]]:
    """Columns by name. Numbers and words; missing numbers are nan, missing words empty."""
    if len(data) < 12 or data[:4] != MAGIC or data[-4:] != MAGIC:
        raise Unreadable("This is no Parquet file, or only a part of one.")
    try:
        length = struct.unpack("<I", data[-8:-4])[0]
        footer = _Thrift(data, len(data) - 8 - length).struct()
        return _columns(data, footer)
    except Unreadable:
        raise
    except (IndexError, KeyError, struct.error, ValueError, TypeError, zstd.ZstdError, zlib.error, MemoryError, OverflowError) as wrong:
        raise Unreadable(f"The Parquet file is damaged or of a kind that cannot be read here ({type(wrong).__name__}).") from wrong


def _columns(data: bytes, footer: dict[int, Any]) -> dict[str, NDArray[Any]]:
    leaves = [element for element in footer[2][1:] if not element.get(5)]
    if len(leaves) != len(footer[2]) - 1:
        raise Unreadable("The Parquet file has nested columns; a log has flat ones.")
    found: dict[str, list[NDArray[Any]]] = {leaf[4].decode(): [] for leaf in leaves}
    for group in footer[4]:
        for leaf, chunk in zip(leaves, group[1], strict=True):
            found[leaf[4].decode()] += _chunk(data, chunk[3], optional=leaf.get(3) == 1)
    return {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in found.items()}


def _chunk(data: bytes, meta: dict[int, Any], *, optional: bool) -> Iterator[NDArray[Any]]:
    kind, codec, left = meta[1], meta[4], meta[5]
    at = min(offset for offset in (meta.get(11), meta[9]) if offset)
    dictionary: NDArray[Any] | None = None
    while left > 0:
        reader = _Thrift(data, at)
        header = reader.struct()
        at = reader.at + header[3]
        raw = data[reader.at : at]
        if header[1] == 2:
            dictionary = _plain(_unpacked(raw, codec, header[2]), kind, header[7][1])
            continue
        if header[1] not in (0, 3):
            continue
        values, count = _page(raw, header, codec, kind, dictionary, optional)
        left -= count
        yield values


def _page(raw: bytes, header: dict[int, Any], codec: int, kind: int, dictionary: NDArray[Any] | None, optional: bool) -> tuple[NDArray[Any], int]:
    """The values of a data page, of either version."""
    if header[1] == 0:
        count, encoding = header[5][1], header[5][2]
        body = _unpacked(raw, codec, header[2])
        levels = b""
        if optional:
            size = struct.unpack_from("<I", body)[0]
            levels, body = body[4 : 4 + size], body[4 + size :]
    else:
        count, encoding, size = header[8][1], header[8][4], header[8][5]
        levels, body = raw[:size], raw[size:]
        if header[8].get(7, True):
            body = _unpacked(body, codec, header[2] - size)
    there = _runs(levels, 1, count).astype(bool) if optional and levels else np.ones(count, bool)
    present = int(there.sum())
    if encoding in (PLAIN_DICTIONARY, RLE_DICTIONARY):
        if dictionary is None:
            raise Unreadable("The Parquet file lacks a dictionary.")
        values = dictionary[_runs(body[1:], body[0], present)]
    elif encoding == PLAIN:
        values = _plain(body, kind, present)
    elif encoding == RLE and kind == BOOLEAN:
        values = _runs(body[4:], 1, present).astype(bool)
    else:
        raise Unreadable(f"The Parquet file uses encoding {encoding}, which cannot be read here; write it with the usual settings, or as CSV.")
    if present == count:
        return values, count
    whole: NDArray[Any] = np.full(count, "", object) if kind == BYTE_ARRAY else np.full(count, np.nan)
    whole[there] = values
    return whole, count


def _unpacked(raw: bytes, codec: int, size: int) -> bytes:
    if size > LARGEST_PAGE:
        raise Unreadable("The Parquet file has a page of more than a gigabyte.")
    if codec == 0:
        return raw
    if codec == 1:
        return _snappy(raw, size)
    if codec == 2:
        return zlib.decompressobj(31).decompress(raw, size)
    if codec == 6:
        return zstd.ZstdDecompressor().decompress(raw, size)
    raise Unreadable("The Parquet file is packed in a way that cannot be read here; use zstd, snappy, gzip or none.")


def _plain(body: bytes, kind: int, count: int) -> NDArray[Any]:
    if kind in FIXED:
        return np.frombuffer(body, FIXED[kind], count)
    if kind == BOOLEAN:
        return np.unpackbits(np.frombuffer(body, np.uint8), bitorder="little")[:count].astype(bool)
    if kind != BYTE_ARRAY:
        raise Unreadable("The Parquet file has a column of a kind that no log has.")
    at, words = 0, np.empty(count, object)
    for i in range(count):
        size = struct.unpack_from("<I", body, at)[0]
        words[i] = body[at + 4 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size
    return words


def _runs(body: bytes, width: int, count: int) -> NDArray[np.int64]:
    """Numbers kept as runs of one value, or packed in ``width`` bits each."""
    found, at, done = np.zeros(count, np.int64), 0, 0
    powers = 1 << np.arange(width, dtype=np.int64)
    while done < count:
        head, at = _number(body, at)
        if head & 1:
            size = (head >> 1) * width
            bits = np.unpackbits(np.frombuffer(body[at : at + size], np.uint8), bitorder="little")
            values = bits[: len(bits) // width * width].reshape(-1, width) @ powers if width else np.zeros((head >> 1) * 8, np.int64)
            at += size
            values = values[: count - done]
            if not len(values):
                raise Unreadable("The Parquet file ends too early.")
        else:
            size = (width + 7) // 8
            values = np.full(min(head >> 1, count - done), int.from_bytes(body[at : at + size], "little"))
            at += size
            if not len(values):
                raise Unreadable("The Parquet file ends too early.")
        found[done : done + len(values)] = values
        done += len(values)
    return found


def _number(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 70:
            raise Unreadable("The Parquet file holds a number that is too large.")


def _snappy(raw: bytes, size: int) -> bytes:
    length, at = _number(raw, 0)
    if length > max(size, 0):
        raise Unreadable("The Parquet file says its size wrongly.")
    out = bytearray()
    while at < len(raw):
        tag = raw[at]
        at += 1
        if not tag & 3:
            run = tag >> 2
            if run >= 60:
                more = run - 59
                run = int.from_bytes(raw[at : at + more], "little")
                at += more
            out += raw[at : at + run + 1]
            at += run + 1
            continue
        if tag & 3 == 1:
            run, back = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | raw[at]
            at += 1
        else:
            wide = 2 if tag & 3 == 2 else 4
            run, back = (tag >> 2) + 1, int.from_bytes(raw[at : at + wide], "little")
            at += wide
        if not 0 < back <= len(out) or len(out) + run > length:
            raise Unreadable("The Parquet file is damaged.")
        for _ in range(run):
            out.append(out[-back])
    return bytes(out)


class _Thrift:
    """The compact form in which Parquet keeps its facts: structs as {field number: value}."""

    def __init__(self, data: bytes, at: int) -> None:
        if at < 0:
            raise Unreadable("The Parquet file says its size wrongly.")
        self.data, self.at = data, at

    def number(self) -> int:
        value, self.at = _number(self.data, self.at)
        return value

    def signed(self) -> int:
        value = self.number()
        return (value >> 1) ^ -(value & 1)

    def struct(self, depth: int = 0) -> dict[int, Any]:
        if depth > 20:
            raise Unreadable("The Parquet file is nested too deeply.")
        found: dict[int, Any] = {}
        field = 0
        while True:
            head = self.data[self.at]
            self.at += 1
            if not head:
                return found
            field = field + (head >> 4) if head >> 4 else self.signed()
            found[field] = self.value(head & 15, depth)

    def value(self, kind: int, depth: int) -> Any:
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            self.at += 1
            return self.data[self.at - 1]
        if kind in (4, 5, 6):
            return self.signed()
        if kind == 7:
            self.at += 8
            return struct.unpack_from("<d", self.data, self.at - 8)[0]
        if kind == 8:
            size = self.number()
            self.at += size
            return self.data[self.at - size : self.at]
        if kind in (9, 10):
            head = self.data[self.at]
            self.at += 1
            size = head >> 4 if head >> 4 != 15 else self.number()
            return [self.value(head & 15, depth + 1) for _ in range(size)]
        if kind == 12:
            return self.struct(depth + 1)
        raise Unreadable("The Parquet file holds something unknown.")
