"""Every write to notices: tell, read, addresses, sending, dead letters."""

from gongzhi.messages.actions.addresses import (
    NewAddress,
    confirm_address,
    erase_addresses,
    erase_expired_addresses,
    keep_address,
    set_address_term,
    set_own_address,
    stop_mails,
)
from gongzhi.messages.actions.letters import (
    retry_fact,
    retry_mail,
    settle_fact,
    settle_mail,
)
from gongzhi.messages.actions.reading import forget_old_notices, mark_all_read, mark_read
from gongzhi.messages.actions.sending import claim_next, give_up_interrupted, send_next
from gongzhi.messages.actions.telling import NewNotice, tell

__all__ = [
    "NewAddress",
    "NewNotice",
    "claim_next",
    "confirm_address",
    "erase_addresses",
    "erase_expired_addresses",
    "forget_old_notices",
    "give_up_interrupted",
    "keep_address",
    "mark_all_read",
    "mark_read",
    "retry_fact",
    "retry_mail",
    "send_next",
    "set_address_term",
    "set_own_address",
    "settle_fact",
    "settle_mail",
    "stop_mails",
    "tell",
]
