"""Reads the command line and hands over to the command."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run `gongzhi …`; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
    from gongzhi.config.database import ensure_started

    ensure_started()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["gongzhi", *sys.argv[2:]])
    return 0
