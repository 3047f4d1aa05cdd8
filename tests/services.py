"""What tests and benchmarks need from the machine: a PostgreSQL of their own, a browser, a running Kartoteka."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Missing(Exception):
    """Something this machine does not have. The text says which one command mends it."""


def apt(*packages: str) -> bool:
    """Installs Debian packages where that is allowed; whether it worked."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "stdin": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if subprocess.run(install, check=False, **quiet).returncode == 0:  # type: ignore[call-overload]
        return True
    subprocess.run(["apt-get", "update"], check=False, **quiet)  # type: ignore[call-overload]
    return bool(subprocess.run(install, check=False, **quiet).returncode == 0)  # type: ignore[call-overload]


def chromium(*, install: bool = False) -> str:
    """The path of a Chromium. Raises ``Missing``."""

    def found() -> str | None:
        named = os.environ.get("KARTOTEKA_CHROMIUM")
        return named or next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)

    path = found()
    if not path and install and apt("chromium", "fonts-noto-cjk"):
        path = found()
    if not path:
        raise Missing("The journeys need a browser. Install one with: apt-get install chromium fonts-noto-cjk (or name one with KARTOTEKA_CHROMIUM)")
    return path


def postgres_binaries(*, install: bool = False) -> Path:
    """The folder with initdb and postgres. Raises ``Missing``."""

    def found() -> Path | None:
        if named := os.environ.get("KARTOTEKA_PG_BIN"):
            return Path(named)
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: int(f.parent.name) if f.parent.name.isdigit() else 0, reverse=True)
        return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)

    folder = found()
    if not folder and install and apt("postgresql"):
        folder = found()
    if not folder:
        raise Missing("The second database needs PostgreSQL. Install it with: apt-get install postgresql (or name its bin folder with KARTOTEKA_PG_BIN)")
    return folder


@contextlib.contextmanager
def postgres(*, install: bool = False) -> Iterator[str]:
    """A PostgreSQL cluster for a while, as an address. It refuses root, so these binaries alone run as another user."""
    binaries = postgres_binaries(install=install)
    who = next((name for name in ("postgres", "nobody") if os.getuid() == 0 and _known(name)), None)
    as_other = {"user": who, "group": pwd.getpwnam(who).pw_gid, "extra_groups": []} if who else {}
    folder = Path(tempfile.mkdtemp(prefix="kpg-"))
    if who:
        os.chown(folder, pwd.getpwnam(who).pw_uid, pwd.getpwnam(who).pw_gid)
    common = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": "/", **as_other}
    try:
        initdb = [binaries / "initdb", "-D", folder / "data", "-A", "trust", "-U", "kartoteka", "--locale=C", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, **common)  # type: ignore[call-overload]
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=200"
        start = [binaries / "pg_ctl", "-w", "-D", folder / "data", "-l", folder / "log", "-o", options, "start"]
        subprocess.run(start, check=True, **common)  # type: ignore[call-overload]
        yield f"postgresql://kartoteka@/postgres?host={folder}"
    finally:
        subprocess.run([binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], check=False, **common)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


def restart_postgres(address: str) -> None:
    """Stops a cluster of ``postgres()`` without letting anybody finish, and starts it again."""
    folder = Path(address.partition("?host=")[2])
    who = pwd.getpwuid((folder / "data").stat().st_uid)
    as_other = {"user": who.pw_name, "group": who.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    options = (folder / "data" / "postmaster.opts").read_text().partition(" ")[2].strip().replace('"', "")
    command = [postgres_binaries() / "pg_ctl", "-w", "-D", folder / "data", "-l", folder / "log", "-m", "immediate", "-o", options, "restart"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd="/", **as_other)  # type: ignore[call-overload]


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """A running Kartoteka with a data folder of its own; it can be killed and started again."""

    data: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environ(self) -> dict[str, str]:
        # A server starts many times here: it may keep what Python compiled.
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("KARTOTEKA_", "DJANGO_", "PYTHONDONTWRITE"))}
        return {**plain, "PYTHONPATH": str(ROOT), "KARTOTEKA_DATA": str(self.data), **self.environment}

    def start(self, *, patience_s: float = 60) -> None:
        """Starts the server and returns when it answers."""
        log = (self.data.parent / f"{self.data.name}.log").open("ab")
        command = [sys.executable, "-m", "kartoteka", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environ(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT)
        log.close()
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=2) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"Kartoteka did not start:\n{(self.data.parent / f'{self.data.name}.log').read_text()[-3000:]}")

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def command(self, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        """Runs ``kartoteka …`` on the same data."""
        return subprocess.run([sys.executable, "-m", "kartoteka", *arguments], env=self.environ(), input=stdin, capture_output=True, check=False, cwd=ROOT)
