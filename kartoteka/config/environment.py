"""What an instance may be told by its environment: every ``KARTOTEKA_…`` variable, with its default and its meaning."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones


class WrongSetting(Exception):
    """A setting that is unknown or cannot be used. The text says which, and what would be right."""


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    help: str
    kind: Literal["text", "path", "number", "switch", "choice", "url", "zone"] = "text"
    choices: tuple[str, ...] = ()
    least: int = 0


def data_folder() -> Path:
    """Where a person's data live unless KARTOTEKA_DATA says otherwise: the platform's data folder."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "kartoteka"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "kartoteka"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "kartoteka"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KARTOTEKA_DATA",
        "",
        "The one folder that holds everything: database, media, secret. Default: the platform's data folder; `make run` uses `var/` in the checkout.",
        "path",
    ),
    Setting("KARTOTEKA_DATABASE", "", "A PostgreSQL address such as `postgresql://name:password@host/database`. Default: SQLite in the data folder."),
    Setting("KARTOTEKA_HOST", "127.0.0.1", "The address to listen on. `0.0.0.0` lets the local network in."),
    Setting("KARTOTEKA_PORT", "8000", "The port to listen on.", "number", least=1),
    Setting(
        "KARTOTEKA_PUBLIC_URL",
        "",
        "The address people type, such as `https://cards.example.org`. Needed for links in e-mails and behind a proxy; other host names are then refused.",
        "url",
    ),
    Setting(
        "KARTOTEKA_TRUSTED_PROXIES",
        "0",
        "How many reverse proxies stand in front and set X-Forwarded-For and X-Forwarded-Proto. 0: none is believed.",
        "number",
    ),
    Setting("KARTOTEKA_SIGN_UP", "open", "Whether strangers may make an account: `open` or `closed`.", "choice", ("open", "closed")),
    Setting("KARTOTEKA_GUESTS", "open", "Whether strangers may study and make sets without an account: `open` or `closed`.", "choice", ("open", "closed")),
    Setting("KARTOTEKA_GUEST_CARDS", "20000", "How many cards a guest may store.", "number"),
    Setting("KARTOTEKA_ACCOUNT_CARDS", "500000", "How many cards an account may store.", "number"),
    Setting("KARTOTEKA_GUEST_MB", "100", "How many megabytes of media a guest may store.", "number"),
    Setting("KARTOTEKA_ACCOUNT_MB", "4000", "How many megabytes of media an account may store.", "number"),
    Setting("KARTOTEKA_UPLOAD_MB", "50", "How large one uploaded file may be, in megabytes.", "number", least=1),
    Setting("KARTOTEKA_GUEST_DAYS", "365", "A guest not seen for this many days is deleted with all they made. 0: never.", "number"),
    Setting("KARTOTEKA_BIN_DAYS", "30", "How many days a deleted set waits in the bin.", "number", least=1),
    Setting(
        "KARTOTEKA_EMAIL_URL",
        "",
        "A mail server such as `smtp://name:password@mail.example.org:587`. Default: none; passwords are then reset by `kartoteka user link`.",
    ),
    Setting("KARTOTEKA_EMAIL_FROM", "", "The sender of e-mails."),
    Setting("KARTOTEKA_LANGUAGE", "en", "The language for people whose browser asks for none we have: `en` or `de`.", "choice", ("en", "de")),
    Setting("KARTOTEKA_TIME_ZONE", "UTC", "The time zone for learners whose browser has not told theirs.", "zone"),
    Setting("KARTOTEKA_DEBUG", "off", "Shows errors in full in the browser. For development only: `on` or `off`.", "switch"),
)

# Read by the tests and benchmarks only.
FOR_TESTS = ("KARTOTEKA_CHROMIUM", "KARTOTEKA_PG_BIN", "KARTOTEKA_SAMPLES", "KARTOTEKA_TEST_DATABASE", "KARTOTEKA_FSYNC_MS")


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings, read and checked. ``values`` by name; numbers are ints, switches bools."""

    values: Mapping[str, Any]
    data: Path
    known: tuple[Setting, ...] = SETTINGS

    def __getitem__(self, name: str) -> Any:
        return self.values[f"KARTOTEKA_{name}"]

    def own(self) -> list[str]:
        """The names of the settings that are not as they would be by themselves."""
        return [setting.name for setting in self.known if self.values[setting.name] != _checked(setting, setting.default)]


def read(environ: Mapping[str, str]) -> Environment:
    """Reads and checks every setting. Raises ``WrongSetting`` for one that is unknown or cannot be used."""
    known = {setting.name for setting in SETTINGS}
    for name in sorted(environ):
        if name.startswith("KARTOTEKA_") and name not in known and name not in FOR_TESTS:
            raise WrongSetting(f"{name} is not a setting of Kartoteka. `kartoteka doctor --settings` lists them; correct the name or take it away.")
    values = {setting.name: _checked(setting, environ.get(setting.name, "").strip() or setting.default) for setting in SETTINGS}
    if values["KARTOTEKA_EMAIL_URL"] and not values["KARTOTEKA_PUBLIC_URL"]:
        raise WrongSetting("KARTOTEKA_EMAIL_URL is set but KARTOTEKA_PUBLIC_URL is not. Links in e-mails need the public address; set both.")
    data = Path(values["KARTOTEKA_DATA"]).expanduser().resolve() if values["KARTOTEKA_DATA"] else data_folder()
    return Environment(values, data)


def _checked(setting: Setting, value: str) -> Any:
    if setting.kind == "number":
        if not value.isascii() or not value.isdigit() or int(value) < setting.least:
            raise WrongSetting(f"{setting.name} is “{value}”. It takes a whole number from {setting.least} up.")
        return int(value)
    if setting.kind == "switch":
        if value not in ("on", "off"):
            raise WrongSetting(f"{setting.name} is “{value}”. It takes `on` or `off`.")
        return value == "on"
    if setting.kind == "choice" and value not in setting.choices:
        raise WrongSetting(f"{setting.name} is “{value}”. It takes one of: {', '.join(setting.choices)}.")
    if setting.kind == "url" and value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise WrongSetting(f"{setting.name} is “{value}”. It takes an address such as https://cards.example.org.")
    if setting.kind == "zone" and value not in available_timezones():
        raise WrongSetting(f"{setting.name} is “{value}”. It takes a time zone such as Europe/Berlin.")
    return value


def database(address: str, data: Path, sqlite_options: Mapping[str, Any]) -> dict[str, Any]:
    """Django's description of the database at this address; SQLite in the data folder where it is empty."""
    if not address:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "kartoteka.sqlite3"), "CONN_MAX_AGE": None, "OPTIONS": dict(sqlite_options)}
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise WrongSetting("KARTOTEKA_DATABASE takes an address such as postgresql://name:password@host/database.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def mail(address: str) -> dict[str, Any]:
    """Django's mail settings for an address such as smtp://name:password@host:587 (smtps:// for TLS from the start)."""
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise WrongSetting("KARTOTEKA_EMAIL_URL takes an address such as smtp://name:password@mail.example.org:587.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def secret(data: Path) -> str:
    """The instance's secret: made at first start, kept in the data folder, readable by its owner alone."""
    path = data / "secret"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError as error:
        raise WrongSetting(
            f"The data folder {data} cannot be written to ({error.strerror}). Choose another with KARTOTEKA_DATA, or mend its permissions."
        ) from error
    kept = path.read_text().strip()
    if len(kept) < 32:
        raise WrongSetting(f"The secret in {path} is too short. Delete the file and start again; everyone will have to sign in anew.")
    return kept
