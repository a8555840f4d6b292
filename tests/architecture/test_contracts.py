"""The contracts hold, and each of them is able to fail."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import HOME, ROOT, apps


def _lint(folder: Path, config: Path) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]; "
        "from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(config_filename=sys.argv[3], no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(folder), str(ROOT), str(config)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def test_the_house_keeps_its_contracts() -> None:
    answer = _lint(ROOT / "src", ROOT / ".importlinter")
    assert answer.returncode == 0, answer.stdout[-4000:] + answer.stderr[-2000:]


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("kernel/codes.py", "import gongzhi.facts.queries", "Packages form a strict order"),
        ("facts/queries.py", "import gongzhi.facts.actions", "rooms of every app"),
        ("matters/queries.py", "import gongzhi.areas.models", "through their doors"),
    ],
)
def test_a_wrong_import_is_refused(tmp_path: Path, module: str, line: str, contract: str) -> None:
    """The plan is copied in miniature and broken in one place."""
    for folder in (*apps(), HOME / "kernel", HOME / "cli", HOME / "config"):
        small = tmp_path / "gongzhi" / folder.name
        small.mkdir(parents=True)
        for room in ("__init__", "actions", "queries", "models", "codes"):
            (small / f"{room}.py").touch()
    (tmp_path / "gongzhi" / "__init__.py").touch()
    (tmp_path / "gongzhi" / "__main__.py").touch()
    (tmp_path / "gongzhi" / module).write_text(f"{line}\n")
    answer = _lint(tmp_path, ROOT / ".importlinter")
    assert answer.returncode != 0
    broken = [text for text in answer.stdout.splitlines() if text.endswith("BROKEN")]
    assert len(broken) == 1
    assert contract in broken[0]


def test_no_import_is_ignored() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    assert not [name for name in config.sections() if "ignore_imports" in config[name]]
