"""Decks and the options they are studied by, between the two ways Anki says them: JSON (schema 11) and protobuf messages (schema 15 and later).

All of it is said as JSON here; a message that came stays beside it, byte for byte, until something of it is changed.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kartoteka.formats.anki import proto
from kartoteka.formats.anki.messages import mapping, message_of
from kartoteka.formats.anki.proto import Message

Json = dict[str, Any]


class _Option(NamedTuple):
    """One option: its number in the message, where it stands in JSON, what it is where nobody said it, and its kind."""

    at: int
    path: tuple[str, ...]
    default: Any
    kind: str = "number"  # number, flag, real, reals, text; "not": a flag said the other way round; "permille": a thousand times the real


OPTIONS = (
    _Option(1, ("new", "delays"), [1.0, 10.0], "reals"),
    _Option(2, ("lapse", "delays"), [10.0], "reals"),
    _Option(3, ("fsrsWeights",), [], "reals"),
    _Option(4, ("easyDaysPercentages",), [], "reals"),
    _Option(5, ("fsrsParams5",), [], "reals"),
    _Option(6, ("fsrsParams6",), [], "reals"),
    _Option(9, ("new", "perDay"), 20),
    _Option(10, ("rev", "perDay"), 200),
    _Option(11, ("new", "initialFactor"), 2500, "permille"),
    _Option(12, ("rev", "ease4"), 1.3, "real"),
    _Option(13, ("rev", "hardFactor"), 1.2, "real"),
    _Option(14, ("lapse", "mult"), 0.0, "real"),
    _Option(15, ("rev", "ivlFct"), 1.0, "real"),
    _Option(16, ("rev", "maxIvl"), 36_500),
    _Option(17, ("lapse", "minInt"), 1),
    _Option(18, ("new", "ints", "0"), 1),
    _Option(19, ("new", "ints", "1"), 4),
    _Option(20, ("new", "order"), 1, "not"),
    _Option(21, ("lapse", "leechAction"), 1),
    _Option(22, ("lapse", "leechFails"), 8),
    _Option(23, ("autoplay",), True, "not"),
    _Option(24, ("maxTaken",), 60),
    _Option(25, ("timer",), 0),
    _Option(26, ("replayq",), True, "not"),
    _Option(27, ("new", "bury"), False, "flag"),
    _Option(28, ("rev", "bury"), False, "flag"),
    _Option(29, ("buryInterdayLearning",), False, "flag"),
    _Option(30, ("newMix",), 0),
    _Option(31, ("interdayLearningMix",), 0),
    _Option(32, ("newSortOrder",), 0),
    _Option(33, ("reviewOrder",), 0),
    _Option(34, ("newGatherPriority",), 0),
    _Option(35, ("newPerDayMinimum",), 0),
    _Option(36, ("questionAction",), 0),
    _Option(37, ("desiredRetention",), 0.9, "real"),
    _Option(38, ("stopTimerOnAnswer",), False, "flag"),
    _Option(40, ("sm2Retention",), 0.9, "real"),
    _Option(41, ("secondsToShowQuestion",), 0.0, "real"),
    _Option(42, ("secondsToShowAnswer",), 0.0, "real"),
    _Option(43, ("answerAction",), 0),
    _Option(44, ("waitForAudio",), True, "flag"),
    _Option(45, ("weightSearch",), "", "text"),
    _Option(46, ("ignoreRevlogsBeforeDate",), "", "text"),
)
OTHER = 255  # what add-ons keep there, as JSON
PARTS = ("new", "rev", "lapse")
FRAME = ("id", "name", "mod", "usn", "dyn", "config", *PARTS)


def preset(id: int, name: str, mtime_s: int, raw: bytes) -> Json:
    """A preset of its message."""
    config = message_of(raw)
    found: Json = {**_object(config.raw(OTHER)), "id": id, "name": name, "mod": mtime_s, "usn": 0, "dyn": False, "config": _kept(raw)}
    for option in OPTIONS:
        _put(found, option.path, _read(config, option))
    found["new"]["ints"] = [found["new"]["ints"]["0"], found["new"]["ints"]["1"], 0]
    return found


def preset_message(said: Mapping[str, Any]) -> bytes:
    """A preset as a message: as it came, else all that its JSON says."""
    if "config" in said:
        return _kept_bytes(said, "config")
    known = {option.path[0] for option in OPTIONS}
    other = {name: value for name, value in said.items() if name not in known and name not in FRAME}
    for part in PARTS:
        named = {option.path[1] for option in OPTIONS if option.path[0] == part}
        if more := {name: value for name, value in mapping(said.get(part)).items() if name not in named}:
            other[part] = more
    parts = [_written(option, _got(said, option)) for option in OPTIONS]
    return b"".join((*parts, proto.data(OTHER, json.dumps(other, ensure_ascii=False)) if other else b""))


def legacy_preset(said: Mapping[str, Any]) -> Json:
    """A preset as schema 11 says it, whole: Anki takes none that lacks a part."""
    made: Json = {"id": 1, "name": "Default", "mod": 0, "usn": 0, "dyn": False, **{name: value for name, value in said.items() if name != "config"}}
    for option in OPTIONS:
        _put(made, option.path, _got(said, option))
    made["new"]["ints"] = [made["new"]["ints"]["0"], made["new"]["ints"]["1"], 0]
    return made


def deck(id: int, name: str, mtime_s: int, common: bytes, kind: bytes) -> Json:
    """A deck of its two messages."""
    both, shared = message_of(kind), message_of(common)
    found: Json = {"id": id, "name": name, "mod": mtime_s, "dyn": 0, "common": _kept(common), "kind": _kept(kind), "collapsed": bool(shared.number(1)), "browserCollapsed": bool(shared.number(2))}  # fmt: skip
    if (normal := next(both.messages(1), None)) is not None:
        found |= {"conf": normal.number(1), "extendNew": normal.number(2), "extendRev": normal.number(3), "desc": normal.text(4)}
        found |= {"md": True} if normal.number(5) else {}
        found |= {name: normal.number(at) for at, name in LIMITS if at in normal}
        found |= {name: {"limit": one.number(1), "today": one.number(2)} for at, name in TODAY for one in normal.messages(at)}
        found |= {"desiredRetention": round(100 * normal.real(10))} if 10 in normal else {}
    elif (filtered := next(both.messages(2), None)) is not None:
        terms = [[one.text(1), one.number(2), one.number(3)] for one in filtered.messages(2)]
        found |= {"dyn": 1, "resched": bool(filtered.number(1)), "terms": terms, "delays": filtered.reals(3) or None, "separate": True}
        found |= {name: filtered.number(at) for at, name in PREVIEW}
    return found


LIMITS, TODAY = ((6, "reviewLimit"), (7, "newLimit")), ((8, "reviewLimitToday"), (9, "newLimitToday"))
PREVIEW = ((4, "previewDelay"), (7, "previewAgainSecs"), (5, "previewHardSecs"), (6, "previewGoodSecs"))


def deck_messages(said: Mapping[str, Any], preset: int) -> tuple[bytes, bytes]:
    """The two messages of a deck: as they came, else all that its JSON says."""
    if "kind" in said:
        return _kept_bytes(said, "common"), _kept_bytes(said, "kind")
    common = proto.number(1, bool(said.get("collapsed", True))) + proto.number(2, bool(said.get("browserCollapsed", True)))
    if said.get("dyn"):
        terms = [one for one in said.get("terms") or () if isinstance(one, list | tuple) and len(one) == 3] or [["", 100, 0]]
        searches = b"".join(proto.message(2, proto.data(1, str(one[0])) + proto.number(2, _int(one[1])) + proto.number(3, _int(one[2]))) for one in terms)
        more = b"".join(proto.number(at, _int(said.get(name))) for at, name in PREVIEW)
        return common, proto.message(2, proto.number(1, bool(said.get("resched", True))) + searches + proto.reals(3, _reals(said.get("delays"), [])) + more)
    normal = [proto.number(1, preset), proto.number(2, _int(said.get("extendNew"))), proto.number(3, _int(said.get("extendRev")))]
    normal += [proto.data(4, str(said.get("desc") or "")), proto.number(5, bool(said.get("md")))]
    normal += [proto.optional(at, _int(said[name])) for at, name in LIMITS if said.get(name) is not None]
    for at, name in TODAY:
        if limit := mapping(said.get(name)):
            normal.append(proto.message(at, proto.number(1, _int(limit.get("limit"))) + proto.number(2, _int(limit.get("today")))))
    normal.append(proto.real(10, _real(said.get("desiredRetention"), 0.0) / 100))
    return common, proto.message(1, b"".join(normal))


def legacy_deck(said: Mapping[str, Any]) -> Json:
    """A deck as schema 11 says it."""
    found = {**LEGACY_DECK, **{name: value for name, value in said.items() if name not in ("common", "kind")}}
    if said.get("dyn"):
        found = {"terms": [["", 100, 0]], "resched": True, "delays": None, "separate": True, **found}
        found.pop("conf", None)
    return found


LEGACY_DECK: Json = {
    "id": 1, "mod": 0, "name": "Default", "usn": 0, "lrnToday": [0, 0], "revToday": [0, 0], "newToday": [0, 0], "timeToday": [0, 0],
    "collapsed": True, "browserCollapsed": True, "desc": "", "dyn": 0, "conf": 1, "extendNew": 0, "extendRev": 0,
}  # fmt: skip


def _read(config: Message, option: _Option) -> Any:
    if option.kind == "reals":
        return [_short(one) for one in config.reals(option.at)]
    if option.kind in ("real", "permille"):
        number = config.real(option.at)
        return round(1000 * number) if option.kind == "permille" else _short(number)
    if option.kind == "text":
        return config.text(option.at)
    number = config.number(option.at)
    return number == 0 if option.kind == "not" else bool(number) if option.kind == "flag" else number


def _written(option: _Option, value: Any) -> bytes:
    if option.kind == "reals":
        return proto.reals(option.at, value)
    if option.kind in ("real", "permille"):
        return proto.real(option.at, value / 1000 if option.kind == "permille" else value)
    if option.kind == "text":
        return proto.data(option.at, value)
    return proto.number(option.at, not value if option.kind == "not" else value)


def _got(said: Mapping[str, Any], option: _Option) -> Any:
    """What JSON says of an option, where it is of its kind; else what it is where nobody said it."""
    value: Any = said
    for name in option.path:
        if isinstance(value, Sequence) and not isinstance(value, str) and name.isdigit():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = mapping(value).get(name)
    if option.kind == "reals":
        return _reals(value, option.default)
    if option.kind == "text":
        return value if isinstance(value, str) else option.default
    if option.kind == "real":
        return _real(value, option.default)
    whole = value if isinstance(value, int | float) and abs(value) < 1 << 31 and value == value else option.default
    return bool(whole) if option.kind == "flag" or isinstance(option.default, bool) else max(0, int(whole))


def _put(into: Json, path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        into[name] = dict(into[name]) if isinstance(into.get(name), Mapping) else {}
        into = into[name]
    into[path[-1]] = value


def _short(number: float) -> float:
    """The shortest number that is the same one of four bytes: 0.93, not 0.930000007152557."""
    if number != number or abs(number) == float("inf"):
        return 0.0
    packed = struct.pack("<f", number)
    return next((short for digits in (6, 7, 8) if struct.pack("<f", short := float(f"{number:.{digits}g}")) == packed), number)


def _object(raw: bytes) -> Json:
    try:
        found = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _real(value: Any, default: float) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e30
    return float(value) if good else default


def _reals(values: Any, default: list[float]) -> list[float]:
    return [float(one) for one in values if isinstance(one, int | float) and abs(one) < 1e30] if isinstance(values, list | tuple) else default


def _int(value: Any) -> int:
    try:
        return max(-(1 << 31), min((1 << 31) - 1, int(value)))
    except (TypeError, ValueError, OverflowError):
        return 0


def _kept(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _kept_bytes(said: Mapping[str, Any], name: str) -> bytes:
    """Bytes that were kept beside what was understood of them."""
    try:
        return base64.b64decode(str(said.get(name, "")), validate=True)
    except ValueError:
        return b""
