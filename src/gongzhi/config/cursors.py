"""The database cursor: values travel beside the statement, and named statements are prepared."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.base import ServerBindingCursor

from gongzhi.kernel.sql import Statement


class Cursor(ServerBindingCursor):
    """Prepares our named statements, and plans every composed one with its own values.

    A named statement is written for one plan, so its plan is kept by the connection. A list that
    the ORM composes is not: how much of the table a scope covers decides how it is best read.
    """

    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        """Run *query*; a named statement with values is prepared at its first use."""
        more.setdefault("prepare", isinstance(query, Statement) and params is not None)
        return super().execute(query, params, **more)  # type: ignore[misc]  # the stub lacks it
