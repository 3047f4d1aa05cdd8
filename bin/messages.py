"""Collects every visible text for translation and compiles the catalogues; with --check only says whether they are fresh."""

from __future__ import annotations

import ast
import re
import struct
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "kartoteka"
LOCALE = HOUSE / "locale"
LANGUAGES = ("de",)
CALLS = {
    "Said": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "_": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": -1,
    "pgettext_lazy": -1,
    "later": 1,
}
CONTEXT_END = "\x04"


class Text(NamedTuple):
    """A text to translate: its context, its singular, its plural (or empty)."""

    context: str
    one: str
    many: str


def in_python(source: str) -> set[Text]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) and _title(node):
            found.add(Text("", node.value.value, ""))  # what a part of a shelf is called
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if CALLS.get(name) == 1 and words:
            found.add(Text("", words[0], ""))
        elif CALLS.get(name) == 2 and len(words) >= 2:
            found.add(Text("", words[0], words[1]))
        elif CALLS.get(name) == -1 and len(words) >= 2:
            found.add(Text(words[0], words[1], ""))
    return found


def _title(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "TITLE" for target in node.targets)


TRANSLATE = re.compile(r"""\{%\s*(?:translate|trans)\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')(.*?)%\}""")
PIPED = re.compile(r"""_\("((?:[^"\\]|\\.)*)"\)""")
BLOCK = re.compile(r"\{%\s*(?:blocktranslate|blocktrans)\b(.*?)%\}(.*?)(?:\{%\s*plural\s*%\}(.*?))?\{%\s*end(?:blocktranslate|blocktrans)\s*%\}", re.S)
CONTEXT = re.compile(r"""context\s+["'](.*?)["']""")


def in_template(source: str) -> set[Text]:
    found = set()
    for match in TRANSLATE.finditer(source):
        context = CONTEXT.search(match[3])
        words = (match[1] or match[2] or "").replace("%", "%%")  # as the template engine looks them up
        found.add(Text(context[1] if context else "", words, ""))
    for match in PIPED.finditer(source):
        found.add(Text("", match[1], ""))
    for match in BLOCK.finditer(source):
        context = CONTEXT.search(match[1])
        trimmed = "trimmed" in match[1]
        found.add(Text(context[1] if context else "", _block(match[2], trimmed), _block(match[3] or "", trimmed)))
    return found


def _block(text: str, trimmed: bool) -> str:
    text = text.replace("%", "%%")
    text = re.sub(r"\{\{\s*(\w+)(?:\|[^}]*)?\s*\}\}", r"%(\1)s", text)
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def texts() -> list[Text]:
    """Every text of the house, in a stable order."""
    found: set[Text] = set()
    for path in HOUSE.rglob("*.py"):
        if not {"tests", "migrations"} & set(path.parts):
            found |= in_python(path.read_text())
    for path in HOUSE.rglob("*.html"):
        if "tests" not in path.parts:
            found |= in_template(path.read_text())
    return sorted(text for text in found if text.one)


def read(path: Path) -> dict[Text, list[str]]:
    """A catalogue: text → its translations (one, or one a plural form)."""
    catalogue: dict[Text, list[str]] = {}
    entry: dict[str, str] = {}
    key = ""

    def keep() -> None:
        if "msgid" in entry:
            forms = [entry[f"msgstr[{n}]"] for n in range(4) if f"msgstr[{n}]" in entry] or [entry.get("msgstr", "")]
            catalogue[Text(entry.get("msgctxt", ""), entry["msgid"], entry.get("msgid_plural", ""))] = forms
        entry.clear()

    for line in path.read_text().splitlines() if path.exists() else []:
        line = line.strip()
        if not line or line.startswith("#"):
            if not line:
                keep()
            continue
        if not line.startswith('"'):
            key, _, line = line.partition(" ")
        entry[key] = entry.get(key, "") + ast.literal_eval(line)
    keep()
    return catalogue


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def po(catalogue: dict[Text, list[str]], language: str) -> str:
    lines = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        '"Content-Type: text/plain; charset=UTF-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"',
        "",
    ]
    for text in texts():
        forms = catalogue.get(text, [])
        if text.context:
            lines.append(f"msgctxt {_quoted(text.context)}")
        lines.append(f"msgid {_quoted(text.one)}")
        if text.many:
            lines.append(f"msgid_plural {_quoted(text.many)}")
            lines += [f"msgstr[{n}] {_quoted(forms[n] if n < len(forms) else '')}" for n in range(2)]
        else:
            lines.append(f"msgstr {_quoted(forms[0] if forms else '')}")
        lines.append("")
    return "\n".join(lines)


def mo(path: Path) -> bytes:
    """The compiled catalogue as GNU gettext lays it out; untranslated texts are left out, so English shows."""
    pairs = []
    for text, forms in read(path).items():
        if text.one and not all(forms):
            continue
        original = (text.context + CONTEXT_END if text.context else "") + text.one + ("\0" + text.many if text.many else "")
        pairs.append((original.encode(), "\0".join(forms).encode()))
    pairs.sort()
    count = len(pairs)
    at = 28 + count * 16
    tables: list[bytes] = []
    body = b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), at + len(body)))
            body += pair[column] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + count * 8, 0, at) + b"".join(tables) + body


def main() -> int:
    checking = "--check" in sys.argv
    wrong = []
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        catalogue = read(path)
        text = po(catalogue, language)
        missing = [t.one for t in texts() if not all(catalogue.get(t) or [""])]
        if checking:
            if not path.exists() or path.read_text() != text:
                wrong.append(f"{path.relative_to(ROOT)} does not hold today's texts. Collect them with: make messages")
            elif missing:
                wrong.append(f"{len(missing)} texts are not translated into “{language}”, first: {missing[0]!r}")
            elif path.with_suffix(".mo").read_bytes() != mo(path):
                wrong.append(f"{path.with_suffix('.mo').relative_to(ROOT)} is stale. Compile it with: make messages")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.with_suffix(".mo").write_bytes(mo(path))
        print(f"{language}: {len(texts())} texts, {len(missing)} not translated")
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
