"""Every read of endpoints and deliveries."""

from gongzhi.interchange.queries.webhooks import (
    DeliveryRow,
    EndpointRow,
    Live,
    get_endpoint,
    list_deliveries,
    list_endpoints,
    live_endpoints,
    may_know,
    opened_secret,
    owner_named,
    visible_to,
)

__all__ = [
    "DeliveryRow",
    "EndpointRow",
    "Live",
    "get_endpoint",
    "list_deliveries",
    "list_endpoints",
    "live_endpoints",
    "may_know",
    "opened_secret",
    "owner_named",
    "visible_to",
]
