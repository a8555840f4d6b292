"""The command `gongzhi`: everything one does to a running or resting installation."""

from gongzhi.cli.entry import main

__all__ = ["main"]
