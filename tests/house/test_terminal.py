"""The terminal on data of its own: doctor, backup, restore, and settings that are refused."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.services import ROOT, House

PAGE = b"Osmosis\tWater moves through a membrane\nEnzyme\tA protein\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


def test_the_first_command_makes_everything_it_needs(house: House) -> None:
    done = house.command("import", "-", "--json", stdin=PAGE)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["new"] == 2
    assert stat.S_IMODE((house.data / "secret").stat().st_mode) == 0o600
    said = json.loads(house.command("doctor", "--json").stdout)
    assert said["ok"], said
    assert all(set(check) == {"name", "ok", "detail"} for check in said["checks"])


@pytest.mark.parametrize(("arguments", "code"), [("grade --json", 0), ("import - --dry-run", 1)])
def test_a_closed_input_is_an_empty_one(house: House, arguments: str, code: int) -> None:
    line = f'exec "$0" -m kartoteka {arguments} <&-'
    done = subprocess.run(["sh", "-c", line, sys.executable], env=house.environ(), capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_names_the_settings_that_are_not_as_by_default(house: House) -> None:
    house.environment |= {"KARTOTEKA_BIN_DAYS": "30", "KARTOTEKA_GUEST_DAYS": "90"}
    said = {check["name"]: check["detail"] for check in json.loads(house.command("doctor", "--json").stdout)["checks"]}
    assert "GUEST_DAYS" in said["settings"]
    assert "BIN_DAYS" not in said["settings"]


@pytest.mark.parametrize("command", [(), ("serve",), ("grade",), ("import",), ("deck", "show"), ("memory", "plan")])
def test_every_command_calls_itself_kartoteka_and_knows_the_short_help(house: House, command: tuple[str, ...]) -> None:
    done = house.command(*command, "-h")
    assert done.returncode == 0
    assert done.stdout.decode().startswith(" ".join(("Usage: kartoteka", *command)))


def test_only_the_command_that_is_asked_for_is_loaded(house: House) -> None:
    code = "from kartoteka.cli.main import main; main(['user', '-h'], standalone_mode=False); import sys; print([one for one in ('decks', 'study') if f'kartoteka.cli.{one}' in sys.modules])"
    done = subprocess.run([sys.executable, "-c", f"import django; django.setup(); {code}"], env=house.environment | {"DJANGO_SETTINGS_MODULE": "kartoteka.config.settings"}, capture_output=True, text=True, check=True, cwd=ROOT)  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


def test_doctor_sees_a_damaged_media_file_and_an_open_secret(house: House) -> None:
    house.command("deck", "list")
    (house.data / "secret").chmod(0o644)
    done = house.command("doctor", "--json")
    assert done.returncode == 1
    assert [check["name"] for check in json.loads(done.stdout)["checks"] if not check["ok"]] == ["secret"]


def test_a_backup_comes_back_equal_into_an_empty_folder(house: House, tmp_path: Path) -> None:
    house.command("import", "-", "--title", "Biology", stdin=PAGE)
    kept = tmp_path / "kept.zip"
    assert house.command("backup", "--out", str(kept)).returncode == 0
    other = House(tmp_path / "other")
    done = other.command("restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert other.command("deck", "list").stdout == house.command("deck", "list").stdout
    assert json.loads(other.command("doctor", "--json").stdout)["ok"]
    again = other.command("restore", str(kept))
    assert again.returncode == 1
    assert b"--replace" in again.stderr


def test_a_backup_with_one_flipped_byte_is_refused(house: House, tmp_path: Path) -> None:
    house.command("import", "-", stdin=PAGE)
    kept, broken = tmp_path / "kept.zip", tmp_path / "broken.zip"
    house.command("backup", "--out", str(kept))
    with zipfile.ZipFile(kept) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = bytearray(source.read(name))
            if name == "database":
                content[len(content) // 2] ^= 1
            target.writestr(name, bytes(content))
    done = House(tmp_path / "other").command("restore", str(broken))
    assert done.returncode == 1
    assert b"damaged" in done.stderr
    assert not (tmp_path / "other" / "kartoteka.sqlite3").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KARTOTEKA_NONSENSE", "1"),
        ("KARTOTEKA_PORT", "many"),
        ("KARTOTEKA_GUESTS", "perhaps"),
        ("KARTOTEKA_DATABASE", "mysql://x"),
        ("KARTOTEKA_TIME_ZONE", "Moon"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(house: House, name: str, value: str) -> None:
    house.environment[name] = value
    done = house.command("deck", "list")
    assert done.returncode == 2
    assert name.encode() in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_port_in_use_names_the_way_out(house: House) -> None:
    house.start()
    other = House(house.data.parent / "other", port=house.port)
    done = other.command("serve", "--port", str(house.port))
    house.stop()
    assert done.returncode == 1
    assert b"in use" in done.stderr
    assert str(house.port + 1).encode() in done.stderr


def test_two_servers_never_write_to_one_folder(house: House) -> None:
    house.start()
    done = house.command("serve", "--port", str(house.port + 1))
    house.stop()
    assert done.returncode == 1
    assert b"already serves" in done.stderr
