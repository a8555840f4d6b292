"""Everything the system takes from its environment, each value read and checked once."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit


class BadEnvironment(Exception):
    """A variable of the environment cannot be used; the text names it and the mend."""


ROOT = Path(__file__).resolve().parents[3]


def text(name: str, default: str = "") -> str:
    """Return the variable *name*, stripped, or *default* when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def served_district(var: Path) -> str:
    """Return whose rules hold here: DISTRICT, or the district that was loaded last, or none.

    A district that we ship is told by its name, another by its folder.
    """
    kept = var / "district"
    return text("DISTRICT") or (kept.read_text("utf-8").strip() if kept.is_file() else "")


def flag(name: str, default: bool = False) -> bool:
    """Return a yes-or-no variable; raises BadEnvironment for anything else."""
    value = text(name).lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value == "":
        return default
    raise BadEnvironment(f"{name}={value!r}: 请写 1 或 0 / write 1 or 0")


def number(name: str, default: int, lowest: int, highest: int) -> int:
    """Return a whole number between *lowest* and *highest*; raises BadEnvironment otherwise."""
    value = text(name)
    if not value:
        return default
    if value.isascii() and value.isdigit() and lowest <= int(value) <= highest:
        return int(value)
    raise BadEnvironment(
        f"{name}={value!r}: 请写 {lowest} 到 {highest} 之间的整数 / "
        f"write a whole number from {lowest} to {highest}"
    )


def var_directory() -> Path:
    """Return the directory of everything the running system writes; made when missing."""
    path = Path(text("GONGZHI_VAR", str(ROOT / "var"))).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Where PostgreSQL is; `embedded` when it is the one we start ourselves."""

    name: str
    user: str
    password: str
    host: str
    port: str
    embedded: bool


def database_address(socket_directory: Path) -> DatabaseAddress:
    """Return the database of DATABASE_URL, or the embedded one behind *socket_directory*."""
    url = text("DATABASE_URL")
    if not url:
        return DatabaseAddress("gongzhi", "gongzhi", "", str(socket_directory), "5432", True)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadEnvironment(
            "DATABASE_URL: 请写成 postgresql://用户:密码@主机:5432/库名 / "
            "write it as postgresql://user:password@host:5432/name"
        )
    return DatabaseAddress(
        name=unquote(parts.path.strip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(parts.hostname or ""),
        port=str(parts.port or 5432),
        embedded=False,
    )


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mails are handed over; `tls` is `none`, `starttls` or `ssl`."""

    host: str
    port: int
    user: str
    password: str
    tls: str


_MAIL = {"smtp": (587, "starttls"), "smtps": (465, "ssl"), "smtp+plain": (25, "none")}


def mail_server() -> MailServer | None:
    """Return the mail server of GONGZHI_EMAIL_URL, None without one.

    `smtp://` encrypts before anything else is said (STARTTLS), `smtps://` from the first byte,
    `smtp+plain://` not at all. Raises BadEnvironment for anything else.
    """
    url = text("GONGZHI_EMAIL_URL")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port, tls = _MAIL[parts.scheme]
        if not parts.hostname:
            raise ValueError(url)
        return MailServer(
            host=parts.hostname,
            port=parts.port or port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
        )
    except (KeyError, ValueError):
        raise BadEnvironment(
            "GONGZHI_EMAIL_URL: 请写成 smtp://用户:密码@主机:587（或 smtps://、smtp+plain://）/ "
            "write it as smtp://user:password@host:587 (or smtps://, smtp+plain://)"
        ) from None


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of this installation: signing, field encryption by key id, blind index."""

    signing: str
    data: dict[str, bytes]
    current: str
    index: bytes


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file *path* among all processes of this machine."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _new_keys() -> dict[str, object]:
    return {
        "signing": secrets.token_urlsafe(48),
        "current": "k1",
        "data": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()},
        "index": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _write_private(path: Path, content: str) -> None:
    """Write *path* whole or not at all, readable by its owner only."""
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def keys(directory: Path) -> Keys:
    """Read the keys kept in *directory*; make them at the very first start.

    GONGZHI_KEYS may name another file (a mounted secret). Raises BadEnvironment when the file
    cannot be read as keys: data sealed with lost keys cannot be opened, so none are made anew.
    """
    given = text("GONGZHI_KEYS")
    path = Path(given) if given else directory / "keys.json"
    if not given and not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(directory / ".lock"):
            if not path.exists():
                _write_private(path, json.dumps(_new_keys(), indent=1))
    try:
        content = json.loads(path.read_text())
        return Keys(
            signing=content["signing"],
            data={name: base64.b64decode(key) for name, key in content["data"].items()},
            current=content["current"],
            index=base64.b64decode(content["index"]),
        )
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise BadEnvironment(
            f"{path}: 密钥文件无法读取，请从备份恢复 / the key file cannot be read, "
            f"restore it from your backup ({type(error).__name__})"
        ) from error
