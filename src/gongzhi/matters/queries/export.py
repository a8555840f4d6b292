"""Matters as a table to take away: only what the actor may see, in steps, without persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel import clock
from gongzhi.kernel.actor import Actor
from gongzhi.matters.choices import LARGEST_EXPORT, Channel, Satisfaction, Solved
from gongzhi.matters.policies import can_export
from gongzhi.matters.queries.lists import Filters, MatterRow, list_matters
