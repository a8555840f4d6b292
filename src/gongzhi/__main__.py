"""Lets `python -m gongzhi` be the command `gongzhi`."""

import sys

from gongzhi.cli import main

if __name__ == "__main__":
    sys.exit(main())
