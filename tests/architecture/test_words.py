"""What may not stand in the code: names of districts, this machine, package registries."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.architecture.sources import HOME, ROOT, sources

_SHIPPED = sorted((HOME / "districts").glob("*/district.yaml"))


def _district_words() -> set[str]:
    """Names and codes of the districts that we ship, and what they call their levels."""
    words: set[str] = set()
    for file in _SHIPPED:
        content = yaml.safe_load(file.read_text("utf-8"))
        name = str(content["name"])
        words |= {name, re.sub(r"[市区县]$", "", name), *map(str, content.get("codes", ()))}
        words |= {str(word) for word in (content.get("levels") or {}).values()}
    return words - {"网格", "社区", "街道"}


def test_code_names_no_district_and_no_level_of_one() -> None:
    words = _district_words()
    assert len(words) > 10
    found = [
        f"{one.name}: {word}"
        for one in sources()
        if not one.is_test
        for word in words
        if word in one.text
    ]
    assert not found, found


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode:
        pytest.fail("the source tree is not a git clone")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


_MACHINE = re.compile(
    rb"/(?:work|root|home/\w+)/|"
    rb"py[p]i\.org|python[h]osted|registry\.np[m]|npm[m]irror|tuna\.[t]singhua|mirrors?\.[a]liyun|"
    rb"--(?:extra-)?index-url|artifactory|/nexus/"
)


def test_no_file_names_this_machine_or_a_registry() -> None:
    itself = Path(__file__).resolve()
    found = []
    for path in _tracked():
        if path == itself or not path.is_file() or path.suffix in (".png", ".jpg", ".woff2"):
            continue
        if hit := _MACHINE.search(path.read_bytes()):
            found.append(f"{path.relative_to(ROOT)}: {hit[0].decode()}")
    assert not found, found


def test_pages_hold_no_inline_style_or_script() -> None:
    inline = re.compile(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|"
        r"\son(?:click|change|input|submit|load|error|focus|blur|toggle|key\w+|mouse\w+)=|hx-on|javascript:"
    )
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in HOME.rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if (hit := inline.search(line)) and 'type="application/json"' not in line
    ]
    assert not found, found
