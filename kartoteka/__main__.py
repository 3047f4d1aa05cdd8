"""`kartoteka` on the terminal, and `python -m kartoteka`."""

from __future__ import annotations

import atexit
import gc
import os
import sys

import django

from kartoteka.config.environment import WrongSetting


def main() -> None:
    if sys.stdin is None:  # it was closed, not empty: what is read of it is nothing
        sys.stdin = open(os.devnull)  # noqa: SIM115
    if sys.argv[1:2] == ["grade"]:  # needs no library, and is often one of many on a pipe
        from kartoteka.cli.grade import grade

        grade(sys.argv[2:], prog_name="kartoteka grade")
        return
    atexit.register(gc.freeze)  # at the end of a process nobody needs circles to be looked for
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.config.settings")
    try:
        django.setup()
    except WrongSetting as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    from kartoteka.cli.main import main as terminal  # commands know models, which need the line above

    terminal(prog_name="kartoteka")


if __name__ == "__main__":
    main()
