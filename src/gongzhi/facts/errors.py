"""What can go wrong with the log and with idempotency keys."""

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, InvalidInput


class KeyReused(Conflict):
    """The same idempotency key came with another content."""

    code = "idempotency-key-reused"
    status = 422
    title = _("同一个提交编号带来了不同的内容")


class BadKey(InvalidInput):
    """The idempotency key is empty or too long."""

    code = "idempotency-key-invalid"
    title = _("提交编号须为 1 到 200 个字符")
