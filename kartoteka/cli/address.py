"""Under which address people reach this instance: as the server that runs on these data said it, else as it would."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (named, not bound to)


def _kept() -> Path:
    return Path(settings.DATA) / "address"


def address_of(host: str, port: int) -> str:
    """What a browser on this machine opens; the public address where one is set."""
    near = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return settings.PUBLIC_URL or f"http://{near}:{port}"


def remember(address: str) -> None:
    """A server has begun to answer here."""
    _kept().write_text(address)


def forget() -> None:
    _kept().unlink(missing_ok=True)


def known() -> tuple[str, bool]:
    """The address, and whether a server said it; where none runs, the one that the settings give."""
    if settings.PUBLIC_URL:
        return settings.PUBLIC_URL, True
    try:
        return _kept().read_text().strip(), True
    except OSError:
        return address_of(settings.ENVIRONMENT["HOST"], settings.ENVIRONMENT["PORT"]), False
