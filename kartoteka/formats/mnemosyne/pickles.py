"""Mnemosyne 1's database is a Python pickle, which could run anything: it is read as a list of instructions, and none is carried out.

A small machine follows the instructions with values of its own. A name of a class makes an inert ``Thing``; a name that
Mnemosyne never used ends in one sentence.
"""

from __future__ import annotations

import io
import pickletools
import re
from typing import Any

from kartoteka.formats.base import Said, Unreadable

MOST_STEPS = 5_000_000
MOST_BYTES = 24 * 1024 * 1024
HEADER = b"--- Mnemosyne Data Base --- Format Version"
_KNOWN = (
    ("mnemosyne.core.mnemosyne_core", None),
    ("mnemosyne.core", None),
    ("mnemosyne_core", None),
    ("__main__", None),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("copy_reg", "_reconstructor"),
    ("copyreg", "_reconstructor"),
    ("__builtin__", "object"),
    ("builtins", "object"),
    ("__builtin__", "set"),
)
_STRING = re.compile(rb"^\(*S['\"].*$", re.M)
_HIGH = re.compile(rb"\\x[89a-f][0-9a-f]")
_MARK = object()
_VALUES = frozenset(
    [
        "INT",
        "LONG",
        "LONG1",
        "LONG4",
        "BININT",
        "BININT1",
        "BININT2",
        "FLOAT",
        "BINFLOAT",
        "STRING",
        "BINSTRING",
        "SHORT_BINSTRING",
        "UNICODE",
        "BINUNICODE",
        "SHORT_BINUNICODE",
        "BINBYTES",
        "SHORT_BINBYTES",
    ]
)


class Thing:
    """Stands for an object of Mnemosyne's: what it is called and what it holds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state: dict[Any, Any] = {}


def things_in(data: bytes) -> Any:
    """What the pickle after Mnemosyne's header holds. Raises ``Unreadable``."""
    if len(data) > MOST_BYTES:
        raise Unreadable(
            Said(
                "This Mnemosyne file has %(data)s MB; %(most)s are the most. Export it as XML in parts.",
                data=f"{len(data) / 1_048_576:,.0f}",
                most=MOST_BYTES // 1_048_576,
            )
        )
    _line, _end, body = data.partition(b"\n")
    if not body.startswith(b"\x80"):  # pickletools reads the strings of a date as ASCII, which they are not
        body = _STRING.sub(lambda found: _HIGH.sub(b"?", found[0]), body)
    machine = _Machine()
    try:
        for steps, (code, argument, _at) in enumerate(pickletools.genops(io.BytesIO(body))):
            if steps > MOST_STEPS:
                raise Unreadable(Said("This Mnemosyne file is larger than any collection. It was not read."))
            if machine.step(code.name, argument):
                return machine.stack[-1]
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(Said("This Mnemosyne file is cut or damaged. Open it in Mnemosyne and export it as XML, or bring in an older copy.")) from error
    raise Unreadable(Said("This Mnemosyne file is cut: its end is missing. Bring in another copy."))


class _Machine:
    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> bool:
        """Follows one instruction; true at the end."""
        if name in _VALUES:
            self.stack.append(_text(argument))
        elif name in ("NONE", "NEWTRUE", "NEWFALSE"):
            self.stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[name])
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self.memo[int(argument)] = self.stack[-1]
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = self.stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            self.stack.append(self.memo[int(argument)])
        elif name == "MARK":
            self.stack.append(_MARK)
        elif name in ("POP", "POP_MARK", "DUP"):
            self.stack.append(self.stack[-1]) if name == "DUP" else self._marked() if name == "POP_MARK" else self.stack.pop()
        elif name == "STOP":
            return True
        elif not self._gather(name) and not self._make(name, argument) and name not in ("PROTO", "FRAME"):
            raise Unreadable(Said("This Mnemosyne file holds instructions that Mnemosyne never writes. Nothing of it was run, and nothing was read."))
        return False

    def _marked(self) -> list[Any]:
        items: list[Any] = []
        while (item := self.stack.pop()) is not _MARK:
            items.append(item)
        return items[::-1]

    def _gather(self, name: str) -> bool:
        """Lists, tuples and dicts."""
        if name in ("EMPTY_LIST", "EMPTY_TUPLE", "EMPTY_DICT", "EMPTY_SET"):
            self.stack.append({} if name == "EMPTY_DICT" else [])
        elif name in ("LIST", "TUPLE"):
            self.stack.append(self._marked())
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            many = int(name[-1])
            self.stack[-many:] = [self.stack[-many:]]
        elif name == "DICT":
            items = self._marked()
            self.stack.append(dict(zip(map(_key, items[::2]), items[1::2], strict=False)))
        elif name == "APPEND":
            item = self.stack.pop()
            self.stack[-1].append(item)
        elif name in ("APPENDS", "ADDITEMS"):
            items = self._marked()
            self.stack[-1].extend(items)
        elif name == "SETITEM":
            value, key = self.stack.pop(), _key(self.stack.pop())
            self.stack[-1][key] = value
        elif name == "SETITEMS":
            items = self._marked()
            self.stack[-1].update(zip(map(_key, items[::2]), items[1::2], strict=False))
        else:
            return False
        return True

    def _make(self, name: str, argument: Any) -> bool:
        """Objects: never made, only named."""
        if name in ("INST", "OBJ"):
            items = self._marked()
            self.stack.append(_thing(argument if name == "INST" else items[0].name))
        elif name == "GLOBAL":
            self.stack.append(_thing(argument))
        elif name == "STACK_GLOBAL":
            last, module = self.stack.pop(), self.stack.pop()
            self.stack.append(_thing(f"{module} {last}"))
        elif name in ("REDUCE", "NEWOBJ"):
            arguments, made = self.stack.pop(), self.stack.pop()
            of = arguments[0] if made.name.endswith("_reconstructor") and arguments and isinstance(arguments[0], Thing) else made
            self.stack.append(Thing(of.name))
        elif name == "BUILD":
            state = self.stack.pop()
            if isinstance(state, dict) and isinstance(self.stack[-1], Thing):
                self.stack[-1].state.update(state)
        else:
            return False
        return True


def _key(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bytes) else repr(type(value))


def _thing(named: str) -> Thing:
    module, _space, name = str(named).partition(" ")
    if not any(module == known and (only is None or only == name) for known, only in _KNOWN):
        raise Unreadable(
            Said(
                "This file asks to run “%(module)s.%(name)s”, which no Mnemosyne collection does. Nothing of it was run, and nothing was read.",
                module=module,
                name=name,
            )
        )
    return Thing(f"{module} {name}")


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
