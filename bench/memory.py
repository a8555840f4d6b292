"""Memory of the processes of one installation, shared pages counted once."""

from __future__ import annotations

from pathlib import Path


def proportional(pid: int) -> int:
    """Return the proportional set size of a process in bytes; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((one for one in text.splitlines() if one.startswith("Pss:")), "Pss: 0")
    return int(line.split()[1]) * 1024


def descendants(pid: int) -> list[int]:
    """Return a process and everything it started, by parent ids."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


def postmaster(var: Path) -> int:
    """Return the process id of the embedded PostgreSQL of a var directory, 0 when none."""
    for file in var.rglob("postmaster.pid"):
        return int(file.read_text(encoding="ascii").splitlines()[0])
    return 0


def total(pids: list[int]) -> int:
    """Return the memory of processes and all they started, in bytes."""
    every = {one for pid in pids if pid for one in descendants(pid)}
    return sum(proportional(pid) for pid in every)
