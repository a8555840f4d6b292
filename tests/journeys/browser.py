"""Finds the machine's Chromium and opens pages in it as a phone or as a desktop."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


class NoBrowser(Exception):
    """No Chromium on this machine; the text says how to get one."""


def chromium() -> Path:
    """Return the browser to use: GONGZHI_CHROMIUM, or the first one on the PATH."""
    given = os.environ.get("GONGZHI_CHROMIUM")
    for name in (given, *_NAMES):
        if name and (found := shutil.which(name)):
            return Path(found)
    raise NoBrowser(
        "没有 Chromium：apt-get install -y chromium fonts-noto-cjk / "
        "no Chromium found: apt-get install -y chromium fonts-noto-cjk"
    )


def arguments() -> list[str]:
    """Return Chromium's flags: root cannot use its sandbox, small machines have little /dev/shm."""
    flags = [
        "--disable-dev-shm-usage",
        "--font-render-hinting=none",
        # Maps need WebGL; a machine without a graphics card draws it in software.
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    return flags
