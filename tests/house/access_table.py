"""Every route, and who may do what there: the table that promise D stands on.

A route that is not here fails the suite. To add one, write a row under its path (as the failing test prints it):

    "sets/<uuid:deck>/print/": Row(get=SEES(200)),                              # whoever may see the set
    "sets/<uuid:deck>/edit/": Row(get=OWNS(200), post=OWNS(302), data=TITLE),   # its owner only
    "sittings/<uuid:sitting>/": Row(get=MINE(200)),                             # a thing of Anna's that is nobody else's

``get`` and ``post`` say what each of the cast is told; left out, the method is refused with 405. The cast: *nobody* (no account, no guest),
*anna* (owns the set), *ben* (has its address), *cleo* (a stranger). A route with a set in it is tried with Anna's set private, shared by link,
public, and in the bin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

Rule = Callable[[str, str], int]
Data = Mapping[str, Any] | Callable[["Cast"], Mapping[str, Any]]
SHARED = ("link", "public")


@dataclass(frozen=True)
class Cast:
    """Who and what the table speaks of; all of it is Anna's."""

    anna: Any
    ben: Any
    cleo: Any
    deck: Any
    note: Any
    gone: Any  # a note that was deleted and can come back
    card: Any
    sha256: str
    sitting: Any
    exam: Any
    proposal: Any
    mark: str  # of one of Anna's devices
    token: str  # of a sign-in link for Anna
    own: Any  # a set that is Ben's


@dataclass(frozen=True)
class Row:
    get: Rule | None = None
    post: Rule | None = None
    data: Data = field(default_factory=dict)
    json: bool = False
    any_method: bool = False  # a document that answers alike to every method
    args: Mapping[str, str] = field(default_factory=dict)  # what stands for a parameter: {"id": "proposal"}


def ALL(status: int) -> Rule:
    """Everyone is told the same."""
    return lambda who, seen: status


def SEES(status: int, *, otherwise: int = 404) -> Rule:
    """Whoever may see the set; to others it does not exist. In the bin it is there for nobody."""
    return lambda who, seen: status if seen in SHARED or (who == "anna" and seen == "private") else otherwise


def OWNS(status: int) -> Rule:
    """The owner; who may only see the set hears that it is not theirs, to others it does not exist."""
    return lambda who, seen: 404 if seen == "bin" else status if who == "anna" else 403 if seen in SHARED else 404


def RATES(status: int) -> Rule:
    """Whoever has an account and sees the set, but not its owner."""
    return lambda who, seen: 404 if seen == "bin" or (seen == "private" and who != "anna") else 403 if who in ("anna", "nobody") else status


def BINNED(status: int) -> Rule:
    """The owner, while the set is in the bin."""
    return lambda who, seen: status if who == "anna" and seen == "bin" else 404


def MINE(status: int, *, nobody: int = 404) -> Rule:
    """A thing that is Anna's alone: to others it does not exist."""
    return lambda who, seen: status if who == "anna" else nobody if who == "nobody" else 404


def MINE_IN_SET(status: int, *, nobody: int = 404) -> Rule:
    """A thing that is Anna's alone, and waits with its set in the bin."""
    return lambda who, seen: MINE(404 if seen == "bin" else status, nobody=nobody)(who, seen)


def SOMEONE(status: int, *, nobody: int = 302) -> Rule:
    """Whoever is known here; nobody is sent to sign in."""
    return lambda who, seen: nobody if who == "nobody" else status


def STRANGERS(status: int, *, known: int = 302) -> Rule:
    """A page for those who are not signed in; others are led on."""
    return lambda who, seen: status if who == "nobody" else known


DOT = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
SIDES = {"term": "Lenin", "definition": "died 1924"}
PASTE = {"text": "Lenin\tdied 1924\nTrotsky\tremained silent"}

TABLE: dict[str, Row] = {
    # the JSON door
    "api/v1/": Row(get=ALL(404), post=ALL(404)),
    "api/v1/openapi.json": Row(get=ALL(200), post=ALL(200), any_method=True),
    "api/v1/health": Row(get=ALL(200)),
    "api/v1/reviews": Row(post=SOMEONE(200, nobody=401), json=True, data={"sent_ms": 0, "reviews": []}),
    "api/v1/sittings/<uuidstr:id>/judge": Row(
        post=MINE_IN_SET(404, nobody=401), json=True, data={"question": "0.0.self.f..0", "text": "x"}, args={"id": "sitting"}
    ),
    "api/v1/sittings/<uuidstr:id>/hint": Row(get=MINE_IN_SET(404, nobody=401), args={"id": "sitting"}),
    "api/v1/sittings/<uuidstr:id>": Row(get=MINE_IN_SET(200, nobody=401), args={"id": "sitting"}),
    "api/v1/appeals": Row(
        post=SOMEONE(404, nobody=401), json=True, data={"id": "01a2146d-2c79-71ce-bf4c-bcd3720aab83", "answer": "01a2146d-2c79-71ce-bf4c-bcd3720aab84"}
    ),  # there is no such answer
    "api/v1/marks": Row(
        post=lambda who, seen: 401 if who == "nobody" else SEES(200)(who, seen), json=True, data=lambda cast: {"card": str(cast.card.id), "starred": True}
    ),
    "api/v1/imports": Row(post=SOMEONE(200, nobody=401), data=lambda cast: {"file": SimpleUploadedFile("cards.tsv", b"Lenin\tdied 1924\nTrotsky\tsilent\n")}),
    "api/v1/decks/<uuidstr:id>/export": Row(get=lambda who, seen: 401 if who == "nobody" else SEES(200)(who, seen), args={"id": "deck"}),
    "api/v1/archive": Row(get=SOMEONE(200, nobody=401)),
    # start page and library
    "": Row(get=ALL(200)),
    "robots.txt": Row(get=ALL(200)),
    "library/": Row(get=ALL(200)),
    "library/public/": Row(get=ALL(200)),
    "search/": Row(get=ALL(200)),
    # a set
    "sets/<uuid:deck>/": Row(get=SEES(200)),
    "sets/<uuid:deck>/back/": Row(post=SEES(302)),
    "sets/<uuid:deck>/star/": Row(post=SEES(302), data=lambda cast: {"note": cast.note.id.hex, "starred": "on"}),
    "sets/<uuid:deck>/print/": Row(get=SEES(200)),
    "sets/<uuid:deck>/export/<slug:name>/": Row(get=SEES(200), args={"name": "=csv"}),
    "sets/<uuid:deck>/share/": Row(post=OWNS(302), data={"visibility": "public"}),
    "sets/<uuid:deck>/copy/": Row(post=SEES(302)),
    "sets/<uuid:deck>/rate/": Row(post=RATES(302), data={"stars": "4"}),
    "analytics/": Row(get=ALL(200)),
    "analytics/memory/": Row(get=ALL(200)),
    "analytics/memory/fit/": Row(post=ALL(302)),
    "analytics/memory/use/": Row(post=lambda who, seen: 404 if who == "nobody" else 302, data={"version": "0"}),
    "sets/<uuid:deck>/analytics/": Row(get=SEES(200)),
    "sets/<uuid:deck>/analytics/answers/": Row(get=SEES(200)),
    "sets/<uuid:deck>/analytics/<slug:name>.csv": Row(get=SEES(200), args={"name": "=cards"}),
    "sets/<uuid:deck>/analytics/<slug:name>.json": Row(get=SEES(200), args={"name": "=cards"}),
    # the editor, the bin, pictures and sounds
    "sets/new/": Row(get=ALL(200), post=ALL(302), data={"title": "A set of my own"}),
    "sets/<uuid:deck>/edit/": Row(get=OWNS(200), post=OWNS(302), data={"title": "Another title"}),
    "sets/<uuid:deck>/delete/": Row(post=OWNS(302)),
    "sets/<uuid:deck>/restore/": Row(post=BINNED(302)),
    "sets/<uuid:deck>/erase/": Row(post=BINNED(302)),
    "sets/<uuid:deck>/files/": Row(post=OWNS(200), data=lambda cast: {"file": SimpleUploadedFile("dot.gif", DOT)}),
    "sets/<uuid:deck>/cards/": Row(post=OWNS(302), data=SIDES),
    "sets/<uuid:deck>/cards/deleted/": Row(get=OWNS(200)),
    "sets/<uuid:deck>/cards/<uuid:note>/": Row(get=OWNS(302), post=OWNS(302), data=SIDES),
    "sets/<uuid:deck>/cards/<uuid:note>/move/": Row(post=OWNS(302), data={"step": "down"}),
    "sets/<uuid:deck>/cards/<uuid:note>/copy/": Row(post=OWNS(302)),
    "sets/<uuid:deck>/cards/<uuid:note>/answers/": Row(post=OWNS(302), data={"forward": "Paris"}),
    "sets/<uuid:deck>/cards/<uuid:note>/delete/": Row(post=OWNS(302)),
    "sets/<uuid:deck>/cards/<uuid:note>/restore/": Row(post=OWNS(302), args={"note": "gone"}),
    "library/bin/": Row(get=ALL(200)),
    "media/<uuid:deck>/<sha256:sha256>/": Row(get=lambda who, seen: 200 if who == "anna" or seen in SHARED else 404),  # the bin's page shows it too
    # ways to study
    "today/": Row(get=ALL(200), post=lambda who, seen: 302 if who == "nobody" or (who == "anna" and seen != "bin") else 409),
    "today/minutes/": Row(post=ALL(302), data={"minutes": "15"}),
    "today/options/": Row(get=ALL(200), post=ALL(302)),
    "sets/<uuid:deck>/exam/": Row(
        get=lambda who, seen: 302 if who == "anna" and SEES(200)(who, seen) == 200 else SEES(200)(who, seen),
        post=SEES(302),
        data=lambda _cast: {"date": (dt.date.today() + dt.timedelta(days=30)).isoformat(), "minutes": "10"},
    ),
    "sets/<uuid:deck>/remember/": Row(post=SEES(302), data={"retention": "0.8"}),
    "exams/<uuid:id>/": Row(get=MINE(200), post=MINE(422), args={"id": "exam"}, data={"date": "yesterday"}),
    "exams/<uuid:id>/settle/": Row(post=MINE(302), args={"id": "exam"}, data={"what": "fine"}),
    "exams/<uuid:id>/drop/": Row(post=MINE(302), args={"id": "exam"}),
    "sets/<uuid:deck>/<mode:mode>/": Row(get=SEES(302), post=SEES(302), args={"mode": "=flashcards"}),
    "sets/<uuid:deck>/<mode:mode>/options/": Row(get=SEES(200), post=SEES(302), args={"mode": "=spaced"}),
    "sets/<uuid:deck>/<mode:mode>/shown/": Row(post=SEES(302), args={"mode": "=match"}),
    "sittings/<uuid:id>/": Row(get=MINE_IN_SET(200), args={"id": "sitting"}),
    "sittings/<uuid:id>/answer/": Row(post=MINE_IN_SET(302), args={"id": "sitting"}),
    "sittings/<uuid:id>/appeal/": Row(post=MINE_IN_SET(404), args={"id": "sitting"}),  # hers, but there is no such answer in it
    "sets/<uuid:deck>/suggestions/": Row(post=OWNS(302)),
    "sittings/<uuid:id>/judge/": Row(post=MINE_IN_SET(200), args={"id": "sitting"}),
    "sittings/<uuid:id>/undo/": Row(post=MINE_IN_SET(302), args={"id": "sitting"}),
    "sittings/<uuid:id>/more/": Row(post=MINE_IN_SET(302), args={"id": "sitting"}),
    "sittings/<uuid:id>/finish/": Row(post=MINE_IN_SET(302), args={"id": "sitting"}),
    "sittings/<uuid:id>/mark/": Row(post=MINE_IN_SET(302), args={"id": "sitting"}, data=lambda cast: {"of": cast.card.id.hex, "said": "star"}),
    "sittings/<uuid:id>/why/<str:card>/": Row(get=MINE_IN_SET(200), args={"id": "sitting"}),
    "sittings/<uuid:id>/paper/": Row(post=MINE_IN_SET(404), args={"id": "sitting"}),  # this sitting has none; whose it is is asked first
    "sittings/<uuid:id>/paper/overturn/": Row(post=MINE_IN_SET(404), args={"id": "sitting"}),
    "sittings/<uuid:id>/paper/<slug:kind>/": Row(get=MINE_IN_SET(404), args={"id": "sitting", "kind": "=print"}),
    "sittings/<uuid:id>/card/<str:card>/": Row(get=MINE_IN_SET(302), args={"id": "sitting"}),
    # what comes in
    "add/": Row(get=ALL(200), post=ALL(302), data=PASTE),
    "add/<uuid:id>/": Row(get=MINE(200), post=MINE(302), args={"id": "proposal"}),
    "add/<uuid:id>/accept/": Row(post=MINE(302), args={"id": "proposal"}),
    "add/<uuid:id>/discard/": Row(post=MINE(302), args={"id": "proposal"}),
    # oneself
    "account/": Row(get=SOMEONE(200)),
    "account/settings/": Row(get=ALL(200), post=ALL(302), data={"theme": "dark"}),
    "account/settings/keys/": Row(get=ALL(200), post=ALL(302), data={"key-s": "j"}),
    "account/away/": Row(post=ALL(302), data=lambda _cast: {name: (dt.date.today() + dt.timedelta(days=9)).isoformat() for name in ("first", "last")}),
    "account/language/": Row(post=ALL(302), data={"language": "de"}),
    "account/theme/": Row(post=ALL(302), data={"theme": "dark"}),
    "account/sign-in/step/": Row(get=ALL(302), post=ALL(302)),  # nobody has begun to sign in
    "account/sign-in/passkey/": Row(get=ALL(302), post=ALL(302), data={"credential": "{}"}),
    "account/ways/": Row(get=SOMEONE(200)),
    "account/ways/confirm/": Row(get=SOMEONE(200), post=SOMEONE(200), data={"password": "wrong"}),
    "account/ways/app/": Row(get=SOMEONE(302), post=SOMEONE(302), data={"code": "000000"}),
    "account/ways/app/remove/": Row(post=SOMEONE(302)),
    "account/ways/passkey/": Row(get=SOMEONE(302), post=SOMEONE(302)),
    "account/ways/passkey/<int:id>/remove/": Row(post=SOMEONE(302), args={"id": "=1"}),
    "account/ways/codes/": Row(post=SOMEONE(302)),
    "account/sign-up/": Row(get=STRANGERS(200), post=STRANGERS(302), data={"username": "Dora", "password1": "paper cabinet 1927"}),
    "account/sign-in/": Row(get=STRANGERS(200), post=STRANGERS(302), data={"login": "Ben", "password": "paper cabinet 1927"}),
    "account/sign-out/": Row(post=ALL(302)),
    "account/link/<str:token>/": Row(get=ALL(200), post=ALL(302)),
    "account/password/": Row(get=SOMEONE(200), post=SOMEONE(302), data={"old": "paper cabinet 1927", "new": "another sentence 12"}),
    "account/email/": Row(get=SOMEONE(200), post=SOMEONE(302), data={"email": ""}),
    r"account/^email/(?P<key>[-:\w]+)/$": Row(get=ALL(200), post=ALL(404), args={"key": "=no-such-key"}),
    "account/reset/": Row(get=ALL(200), post=ALL(405)),  # without a mail server it is only a page
    "account/reset/sent/": Row(get=ALL(200)),
    "account/reset/done/": Row(get=ALL(302)),
    r"account/^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Row(get=ALL(200), post=ALL(200), args={"uidb36": "=1", "key": "=no-such-key"}),
    "account/devices/<slug:mark>/sign-out/": Row(post=MINE(302, nobody=302)),
    "account/download/": Row(get=SOMEONE(200)),
    "account/delete/": Row(get=SOMEONE(200), post=SOMEONE(400), data={"name": "not my name"}),
}
