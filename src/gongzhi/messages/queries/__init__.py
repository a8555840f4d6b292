"""Every read of notices, addresses and dead letters."""

from gongzhi.messages.addresses import clean_address
from gongzhi.messages.queries.addresses import (
    OwnAddress,
    address_to_confirm,
    masked,
    own_address,
    resident_address,
    resident_links,
)
from gongzhi.messages.queries.inbox import (
    NoticeRow,
    is_past,
    list_notices,
    opened,
    unread_count,
    visible_to,
)
from gongzhi.messages.queries.letters import (
    DeadMail,
    Figures,
    LogLetter,
    dead_mails,
    fact_of,
    figures,
    log_letters,
)
from gongzhi.messages.queries.mails import Mail, mail_for

__all__ = [
    "DeadMail",
    "Figures",
    "LogLetter",
    "Mail",
    "NoticeRow",
    "OwnAddress",
    "address_to_confirm",
    "clean_address",
    "dead_mails",
    "fact_of",
    "figures",
    "is_past",
    "list_notices",
    "log_letters",
    "mail_for",
    "masked",
    "opened",
    "own_address",
    "resident_address",
    "resident_links",
    "unread_count",
    "visible_to",
]
