"""Hands one e-mail to the mail server, and tells exactly what became of it.

Three endings are told apart: the server took it; it certainly did not; nobody knows, because the
line broke after the text had been handed over. Only what certainly did not go is tried again by
the system: an e-mail may be late, or wait for a person, but it is never sent twice.
"""

from __future__ import annotations

import contextlib
import smtplib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from gongzhi.messages.addresses import without_addresses
from gongzhi.messages.choices import LONGEST_ERROR, Trouble

_FINAL = 500


class NotSent(Exception):
    """An e-mail was not taken; `again` says whether the system may try once more by itself."""

    def __init__(self, error: Exception, trouble: Trouble, *, again: bool) -> None:
        words = without_addresses(f"{type(error).__name__}: {error}")
        super().__init__(words[:LONGEST_ERROR])
        self.trouble = trouble
        self.again = again


class _Noting(smtplib.SMTP):
    """Notes that the text of an e-mail is on its way to the server."""

    handed_over = False

    def data(self, msg: Any) -> Any:
        self.handed_over = True
        return super().data(msg)


class _NotingSecurely(_Noting, smtplib.SMTP_SSL):
    """The same through a line that is encrypted from the start."""


class SmtpBackend(EmailBackend):
    """Django's own way to a mail server, with a client that notes how far it came."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _NotingSecurely if self.use_ssl else _Noting

    @property
    def handed_over(self) -> bool:
        """Whether the text went out on this connection."""
        return bool(getattr(self.connection, "handed_over", False))


class FolderBackend(BaseEmailBackend):
    """Puts e-mails into a folder instead of sending them: for demonstrations."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message into a file of its own that mail programs open."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            whole = message.message()
            name = str(whole["Message-ID"]).strip("<>").partition("@")[0]
            path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{name[:16]}.eml"
            path.write_bytes(whole.as_bytes())
        return len(email_messages)


def send(message: EmailMessage) -> None:
    """Hand over one e-mail; return when the server has taken it, else raise `NotSent`."""
    connection = get_connection()
    try:
        connection.open()
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        final = bool(codes) and min(codes) >= _FINAL
        raise _not_sent(error, refused=final) from error
    except smtplib.SMTPDataError as error:
        raise _not_sent(error, refused=error.smtp_code >= _FINAL) from error
    except (smtplib.SMTPException, OSError) as error:
        if getattr(connection, "handed_over", False):
            raise NotSent(error, Trouble.UNSURE, again=False) from error
        raise _not_sent(error, refused=False) from error
    except (ValueError, UnicodeError) as error:
        raise _not_sent(error, refused=True) from error
    finally:
        _hang_up(connection)


def _not_sent(error: Exception, *, refused: bool) -> NotSent:
    """Return what the server's certain no comes to: for good, or for this time."""
    trouble = Trouble.REFUSED if refused else Trouble.UNREACHED
    return NotSent(error, trouble, again=not refused)


def _hang_up(connection: Any) -> None:
    """Say good-bye; what the server answers to that changes nothing any more."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        connection.close()
