"""What matters do when something happened."""

from __future__ import annotations
