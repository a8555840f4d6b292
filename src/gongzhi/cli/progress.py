"""Shows how far a long step has come: a bar on a terminal, a few lines in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_WIDTH = 28


class Progress:
    """One step with *label*; `at(done, total)` redraws, leaving the block ends the line."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.began = time.monotonic()
        self.live = sys.stderr.isatty()
        self.shown = -1

    def __enter__(self) -> Progress:
        if self.live:
            self._write(f"\r→ {self.label} …")
        else:
            self._write(f"→ {self.label} …\n")
        return self

    def at(self, done: int, total: int) -> None:
        """Say that *done* of *total* is finished; redraws only when a percent has passed."""
        percent = 100 * done // total if total else 100
        if percent == self.shown:
            return
        quarter = percent // 25 > self.shown // 25
        self.shown = percent
        if self.live:
            bar = "█" * (_WIDTH * percent // 100)
            self._write(f"\r→ {self.label} {bar:·<{_WIDTH}} {percent:3d}%")
        elif quarter:
            self._write(f"  {self.label} {percent}%\n")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        mark = "✓" if kind is None else "✗"
        line = f"{mark} {self.label}  {time.monotonic() - self.began:.1f} s"
        self._write(f"\r{line:<{_WIDTH + 40}}\n" if self.live else f"{line}\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
