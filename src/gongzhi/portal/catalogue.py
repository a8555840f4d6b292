"""Compiles the translations (.po) into the form Django reads (.mo), without outside programs.

Run as `python -m gongzhi.portal.catalogue` after a translation was changed.
"""

from __future__ import annotations

import ast
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

_MAGIC = 0x950412DE


def _entries(text: str) -> Iterator[dict[str, str]]:
    """Yield each entry as `{keyword: text}`; fuzzy ones are guesses and left out."""
    entry: dict[str, str] = {}
    keyword, fuzzy, next_fuzzy = "", False, False
    for line in [*text.splitlines(), 'msgid ""']:
        if line.startswith("#,"):
            next_fuzzy = "fuzzy" in line
        elif line.startswith("msg"):
            keyword, _, quoted = line.partition(" ")
            if keyword in ("msgctxt", "msgid") and "msgstr" in "".join(entry):
                if not fuzzy:
                    yield entry
                entry, fuzzy, next_fuzzy = {}, next_fuzzy, False
            entry[keyword] = ast.literal_eval(quoted)
        elif line.startswith('"'):
            entry[keyword] += ast.literal_eval(line)


def _pairs(text: str) -> dict[bytes, bytes]:
    pairs: dict[bytes, bytes] = {}
    for entry in _entries(text):
        key = entry["msgid"]
        if "msgctxt" in entry:
            key = entry["msgctxt"] + "\x04" + key
        if "msgid_plural" in entry:
            key += "\x00" + entry["msgid_plural"]
        said = [words for name, words in entry.items() if name.startswith("msgstr")]
        if all(said):
            pairs[key.encode()] = "\x00".join(said).encode()
    return pairs


def compiled(text: str) -> bytes:
    """Return the compiled form of a .po file's *text*."""
    pairs = sorted(_pairs(text).items())
    start = 28 + 16 * len(pairs)
    tables: tuple[list[bytes], list[bytes]] = ([], [])
    body = b""
    for column, table in enumerate(tables):
        for pair in pairs:
            table.append(struct.pack("<II", len(pair[column]), start + len(body)))
            body += pair[column] + b"\x00"
    second = 28 + 8 * len(pairs)
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, second, 0, 0)
    return head + b"".join(tables[0] + tables[1]) + body


def catalogues(root: Path) -> list[Path]:
    """Return every translation file below *root*."""
    return sorted(root.glob("**/locale/*/LC_MESSAGES/*.po"))


def main() -> int:
    """Compile every translation of the system."""
    for source in catalogues(Path(__file__).parent.parent):
        source.with_suffix(".mo").write_bytes(compiled(source.read_text("utf-8")))
        sys.stderr.write(f"{source.parent.parent.name}: {source.parts[-5]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
