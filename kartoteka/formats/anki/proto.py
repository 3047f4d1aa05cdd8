"""The few protobuf messages Anki keeps in its tables, read and written by field number; what is not known stays as it was."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
Field = tuple[int, int, int | bytes]


def fields(data: bytes) -> Iterator[Field]:
    """The fields of a message in order: number, wire type, value. Raises ``ValueError`` where it is cut or no message."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        value: int | bytes
        if kind == VARINT:
            value, at = _varint(data, at)
        elif kind == BYTES:
            size, at = _varint(data, at)
            value, at = data[at : at + size], at + size
        elif kind in (FIXED32, FIXED64):
            size = 4 if kind == FIXED32 else 8
            value, at = data[at : at + size], at + size
        else:
            raise ValueError("no protobuf message")
        if at > end or not number:
            raise ValueError("a protobuf message is cut off")
        yield number, kind, value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("a protobuf number is cut off")


class Message:
    """A message by field number: the last value of each, and all values of those that repeat."""

    def __init__(self, data: bytes) -> None:
        self._all: dict[int, list[int | bytes]] = {}
        for number, _kind, value in fields(data):
            self._all.setdefault(number, []).append(value)

    def __contains__(self, number: int) -> bool:
        return number in self._all

    def number(self, at: int, default: int = 0) -> int:
        value = self._all.get(at, [default])[-1]
        return signed(value) if isinstance(value, int) else default

    def raw(self, at: int) -> bytes:
        value = self._all.get(at, [b""])[-1]
        return value if isinstance(value, bytes) else b""

    def text(self, at: int) -> str:
        return self.raw(at).decode("utf-8", "replace")

    def real(self, at: int, default: float = 0.0) -> float:
        raw = self.raw(at)
        return float(struct.unpack("<f", raw)[0]) if len(raw) == 4 else default

    def reals(self, at: int) -> list[float]:
        raw = b"".join(value for value in self._all.get(at, []) if isinstance(value, bytes))
        return [float(value) for (value,) in struct.iter_unpack("<f", raw[: len(raw) // 4 * 4])]

    def numbers(self, at: int) -> list[int]:
        """Repeated numbers, packed or one by one."""
        found: list[int] = []
        for value in self._all.get(at, []):
            if isinstance(value, int):
                found.append(signed(value))
                continue
            place = 0
            while place < len(value):
                one, place = _varint(value, place)
                found.append(signed(one))
        return found

    def messages(self, at: int) -> Iterator[Message]:
        for value in self._all.get(at, []):
            if isinstance(value, bytes):
                yield Message(value)


def signed(value: int) -> int:
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(at: int, value: int | bool) -> bytes:
    """A number; none where it is 0, as protobuf writes it."""
    return varint(at << 3 | VARINT) + varint(int(value)) if value else b""


def optional(at: int, value: int) -> bytes:
    """A number that is written also where it is 0, because saying nothing says something else."""
    return varint(at << 3 | VARINT) + varint(value)


def data(at: int, value: bytes | str) -> bytes:
    raw = value.encode("utf-8", "replace") if isinstance(value, str) else value
    return varint(at << 3 | BYTES) + varint(len(raw)) + raw if raw else b""


def message(at: int, value: bytes) -> bytes:
    """A message within a message, also where it is empty."""
    return varint(at << 3 | BYTES) + varint(len(value)) + value


def real(at: int, value: float) -> bytes:
    return varint(at << 3 | FIXED32) + struct.pack("<f", value) if value else b""


def reals(at: int, values: Iterable[float]) -> bytes:
    return data(at, b"".join(struct.pack("<f", value) for value in values))


def numbers(at: int, values: Iterable[int]) -> bytes:
    return data(at, b"".join(varint(value) for value in values))
