"""The command `gongzhi`: everything one does to a running or resting installation."""

from gongzhi.cli.main import main

__all__ = ["main"]
