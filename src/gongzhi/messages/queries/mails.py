"""An e-mail as it goes out: to whom, in which words, with which links."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from gongzhi.areas import queries as areas
from gongzhi.kernel import clock, crypto
from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.sql import row
from gongzhi.messages import rules
from gongzhi.messages.addresses import ADDRESS_PURPOSE, LINK_PURPOSE, confirm_secret, stop_secret
from gongzhi.messages.choices import CONFIRM, SUBJECTS


@dataclass(frozen=True, slots=True)
class Mail:
    """Everything a mail server needs to know."""

    to: str
    sender: str
    subject: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    def message(self) -> EmailMessage:
        """Return the message that Django's mail backends take."""
        return EmailMessage(self.subject, self.text, self.sender, [self.to], headers=self.headers)


def mail_for(delivery: int) -> Mail | None:
    """Return the e-mail of a delivery; None when nobody is left whom it should reach.

    That is so when the address was erased, stopped, never confirmed, or no longer wants this kind,
    the account was closed, or the notice was read in the desk before its e-mail went.
    """
    found = row("messages", "letter", {"delivery": delivery})
    if found is None or found["sealed"] is None or found["stopped_at"] or found["read_at"]:
        return None
    if not (found["is_active"] and found["wanted"] and _may_go(found)):
        return None
    # A named statement answers with jsonb as text.
    values = found["values"]
    found["values"] = values if isinstance(values, dict) else orjson.loads(values)
    with translation.override(found["language"]):
        return _asking(found) if found["template"] == CONFIRM else _mail(found)


def _may_go(found: dict[str, Any]) -> bool:
    """Whether a resident's address is confirmed, or this e-mail asks for just that in time."""
    if found["account_id"]:
        return True
    if found["template"] == CONFIRM:
        return found["confirmed_at"] is None and bool(found["confirm_by"] > clock.now())
    return found["confirmed_at"] is not None


def _asking(found: dict[str, Any]) -> Mail:
    """The e-mail that asks to confirm: nothing of the matter, not even its code, is filled in."""
    values = {"until_at": found["confirm_by"].isoformat()}
    around = rules.mail_words()
    link = _absolute(
        reverse("messages:confirm", args=[found["address"], confirm_secret(found["address"])])
    )
    asking = f"{around.get('confirm', around['link'])}\n{link}"
    return Mail(
        to=crypto.open_sealed(found["sealed"], ADDRESS_PURPOSE),
        sender=_sender(around["sender"]),
        subject=rules.line(CONFIRM, values),
        text="\n\n".join([rules.text(CONFIRM, values), asking, around["automatic"]]) + "\n",
        headers={"Message-ID": message_id(found["key"]), "Auto-Submitted": "auto-generated"},
    )


def _mail(found: dict[str, Any]) -> Mail:
    values = {**found["values"], "reference": found["reference"]}
    around = rules.mail_words()
    line = rules.line(found["template"], values)
    stop = "" if found["account_id"] else _stop_address(found["address"])
    return Mail(
        to=crypto.open_sealed(found["sealed"], ADDRESS_PURPOSE),
        sender=_sender(around["sender"]),
        subject=rules.say(around["subject"], {"line": line, "reference": found["reference"]})
        if found["reference"] not in line
        else line,
        text=_text(found, values, around, stop),
        headers={
            "Message-ID": message_id(found["key"]),
            "Auto-Submitted": "auto-generated",
            **_stopping(stop),
        },
    )


def _text(found: dict[str, Any], values: dict[str, Any], around: Any, stop: str) -> str:
    link = _link(found)
    parts = [rules.text(found["template"], values)]
    if link:
        parts.append(f"{around['link']}\n{link}")
    if stop:
        parts += [around["keep"], f"{around['stop']}\n{stop}"]
    else:
        parts.append(f"{around['preferences']}\n{_absolute(reverse('messages:preferences'))}")
    return "\n\n".join([*parts, around["automatic"]]) + "\n"


def _link(found: dict[str, Any]) -> str:
    subject = SUBJECTS.get(found["subject_kind"])
    if found["link_sealed"]:
        own = subject.link(found["template"], found["values"]) if subject and subject.link else ""
        return _absolute(own or crypto.open_sealed(found["link_sealed"], LINK_PURPOSE))
    if not subject or not found["account_id"]:
        return ""
    # Only the address of the page is taken: whoever opens it is asked who he is.
    told = subject.told(SYSTEM, [found["subject_id"]]).get(found["subject_id"])
    return _absolute(told.url) if told and told.url else ""


def _absolute(path: str) -> str:
    return f"{settings.ORIGIN}{path}"


def _stop_address(address: int) -> str:
    return _absolute(reverse("messages:stop", args=[address, stop_secret(address)]))


def _stopping(stop: str) -> dict[str, str]:
    """Return the headers by which mail programs offer to stop (RFC 2369 and 8058)."""
    if not stop:
        return {}
    return {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _sender(words: str) -> str:
    district = "、".join(one.name for one in areas.districts())
    name = rules.say(words, {"district": district}).strip(" ·")
    return formataddr((name, settings.DEFAULT_FROM_EMAIL))


def message_id(key: str) -> str:
    """Return the Message-ID of a notice: always the same, so that a repetition is recognised."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.ORIGIN).hostname or 'localhost'}>"
