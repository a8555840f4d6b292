"""What can be refused about webhooks, each with its code and mend."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, InvalidInput, NotFound


class EndpointUnknown(NotFound):
    """There is no such endpoint, or the actor may not know of it."""

    code = "endpoint-unknown"
    title = _("没有这个推送地址")


class EndpointInvalid(InvalidInput):
    """The endpoint cannot be taken as it is entered."""

    code = "endpoint-invalid"


class DeliveryUnknown(NotFound):
    """There is no such delivery at this endpoint."""

    code = "delivery-unknown"
    title = _("没有这条推送记录")


class DeliveryWaiting(Conflict):
    """The delivery waits to be sent anyway."""

    code = "delivery-waiting"
    title = _("这条推送正在等待发送，不用重发")
