"""The commands run, web and worker: serve pages and operations, and do what is due."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gongzhi.cli import ready
from gongzhi.config import database, environment

STARTED_DATABASE = "GONGZHI_STARTED_DATABASE"
_LOOK_EVERY = 10  # seconds between two looks for jobs of workers that are gone


def add_to(commands: Any) -> None:
    """Add run, web, worker and stop."""
    for name, run, text in (
        ("run", run_both, "运行网页与后台任务（正式使用） / serve web and worker"),
        ("web", run_web, "只运行网页 / serve the web part only"),
    ):
        parser = commands.add_parser(name, help=text, description=text)
        parser.add_argument("--address", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.set_defaults(command=run)
    parser = commands.add_parser("worker", help="只运行后台任务 / do background jobs only")
    parser.set_defaults(command=run_worker)
    parser = commands.add_parser("stop", help="停止自带的数据库 / stop the embedded database")
    parser.set_defaults(command=stop_database)


def run_both(chosen: argparse.Namespace) -> int:
    """Serve the web part here with the worker beside it; SIGTERM drains both."""
    started = _prepare(chosen)
    keeper = WorkerKeeper()
    keeper.start()
    try:
        _serve(chosen)
    finally:
        keeper.stop()
        if started:
            ready.stop_own_database()
    return 0


def run_web(chosen: argparse.Namespace) -> int:
    """Serve the web part alone."""
    _prepare(chosen)
    _serve(chosen)
    return 0


def _prepare(chosen: argparse.Namespace) -> bool:
    """Check port and database; the tables are looked at in a process that ends, to save memory."""
    ready.refuse_taken_port(chosen.address, chosen.port)
    started = database.ensure_started() or bool(os.environ.pop(STARTED_DATABASE, ""))
    checked = subprocess.run([sys.executable, "-m", "gongzhi", "tables"], check=False)
    if checked.returncode:
        sys.exit(checked.returncode)
    return started


def _serve(chosen: argparse.Namespace) -> None:
    """Serve with Granian until SIGTERM or SIGINT; requests under way are finished first."""
    from granian import Granian
    from granian.constants import Interfaces

    ready.say(f"共治 / Gongzhi: http://{chosen.address}:{chosen.port}   (Ctrl-C 停止 / stops)")
    Granian(
        "gongzhi.config.wsgi:application",
        address=chosen.address,
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=environment.number("GONGZHI_WEB_WORKERS", min(2, os.cpu_count() or 1), 1, 64),
        blocking_threads=environment.number("GONGZHI_THREADS", 2, 1, 64),
        # Of connections, not of requests: browsers keep theirs while they read, and whoever comes
        # beyond the bound waits until one of them goes. Requests wait for a thread in their turn.
        backpressure=environment.number("GONGZHI_CONNECTIONS", 2048, 1, 65536),
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        websockets=False,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]  # the enum's value is accepted as well
    ).serve(target_loader=_load, wrap_loader=False)


def _load() -> Callable[..., Any]:
    """Load the application in a web process; a signal that comes meanwhile ends the process.

    A process inherits Granian's handlers, which would swallow it: stopping then took as long as
    a process may take to finish its requests.
    """
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)
    from gongzhi.config.wsgi import application

    return application


class WorkerKeeper:
    """Keeps one worker process running beside the web part and ends it with it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start the worker, and again whenever it ends by itself."""
        self.thread.start()

    def _keep(self) -> None:
        while not self.ending.is_set():
            # A session of its own: Ctrl-C reaches the web part first, which ends us in order.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gongzhi", "worker"], start_new_session=True
            )
            self.process.wait()
            self.ending.wait(3)

    def stop(self) -> None:
        """Ask the worker to finish its jobs, and wait for it at most 40 seconds."""
        self.ending.set()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()


def run_worker(_: argparse.Namespace) -> int:
    """Do jobs until SIGTERM; jobs under way get 30 seconds to finish."""
    ready.set_up()
    from procrastinate.contrib.django import app

    async def work() -> None:
        async with app.open_async():
            beside = asyncio.create_task(_keep_giving_back(app.job_manager))
            try:
                await app.run_worker_async(
                    concurrency=environment.number("GONGZHI_JOBS", 2, 1, 32),
                    delete_jobs="successful",
                    shutdown_graceful_timeout=30,
                    install_signal_handlers=True,
                )
            finally:
                beside.cancel()

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        asyncio.run(work())
    return 0


async def _keep_giving_back(jobs: Any) -> None:
    from procrastinate.exceptions import ConnectorException

    while True:
        with suppress(ConnectorException):  # the worker itself ends when the database is gone
            await give_back_abandoned(jobs)
        await asyncio.sleep(_LOOK_EVERY)


async def give_back_abandoned(jobs: Any) -> None:
    """Queue again what workers held that have given no sign of life for half a minute.

    Nobody else does it: the lock of such a job would keep all that come after it waiting for good.
    """
    from procrastinate.exceptions import UniqueViolation
    from procrastinate.jobs import Status

    for job in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(job)
        except UniqueViolation:  # its successor is queued already
            await jobs.finish_job(job, status=Status.FAILED, delete_job=True)


def stop_database(_: argparse.Namespace) -> int:
    """Stop the embedded database."""
    stopped = database.stop()
    ready.say("数据库已停止 / database stopped" if stopped else "数据库未在运行 / was not running")
    return 0
