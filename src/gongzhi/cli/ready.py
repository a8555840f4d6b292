"""Makes the system ready for a command: database running, Django set up, tables up to date."""

from __future__ import annotations

import socket
import sys

from gongzhi.cli.progress import Progress
from gongzhi.config import database


class NotReady(OSError):
    """Something outside stops the command; the text names the mend."""


def set_up() -> bool:
    """Start the embedded database if it is ours to start, and set Django up.

    Returns whether the database was started by this call.
    """
    started = database.ensure_started()
    import django

    django.setup()
    return started


def refuse_taken_port(address: str, port: int) -> None:
    """Raise NotReady when something already listens at *address*:*port*."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise NotReady(
                f"{address}:{port} 无法使用（{error.strerror}）：请关闭占用它的程序，"
                f"或换一个端口，如 make demo PORT={port + 1}\n"
                f"{address}:{port} cannot be used: stop what listens there, "
                f"or choose another port: make demo PORT={port + 1}"
            ) from error


def pending_migrations() -> int:
    """Return how many migrations the database still lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _has_cache() -> bool:
    """Whether the table is there that the last step of making the tables makes."""
    from django.conf import settings
    from django.db import connection

    wanted = {one["LOCATION"] for one in settings.CACHES.values() if "db" in one["BACKEND"]}
    return wanted <= set(connection.introspection.table_names())


def migrate() -> None:
    """Bring the tables up to date, showing how far it is."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    total = pending_migrations()
    if not total and _has_cache():
        return
    if total:
        done = 0
        with Progress("数据表 / tables") as progress:

            def step(action: str, *_: object) -> None:
                nonlocal done
                if action == "apply_success":
                    done += 1
                    progress.at(done, total)

            executor = MigrationExecutor(connection, step)
            executor.migrate(executor.loader.graph.leaf_nodes())
    # Sends Django's own signal after migrating: content types and permissions.
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def require_current_tables() -> None:
    """Bring an embedded database up to date; ask for it where others run the database."""
    from django.conf import settings

    if settings.DATABASE_EMBEDDED:
        migrate()
    elif count := pending_migrations():
        raise NotReady(
            f"数据库缺少 {count} 项更新：请先备份，再运行 gongzhi migrate\n"
            f"the database lacks {count} migrations: back it up, then run gongzhi migrate"
        )


def say(text: str = "") -> None:
    """Print *text* for a person; kept apart from what a command answers."""
    print(text, file=sys.stderr, flush=True)


def stop_own_database() -> None:
    """Stop the embedded database that this run started, unless somebody else still uses it."""
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        connection.close_pool()  # type: ignore[attr-defined]  # ours is PostgreSQL
    if database.clients() == 0:
        database.stop()
