"""What bodies and answers of the API share: strictness, and texts that the database can hold."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, Field

from gongzhi.kernel.errors import InvalidInput

BIGGEST = 2**63 - 1


class Strict(Schema):
    """A body that refuses fields it does not know."""

    model_config = {"extra": "forbid"}


def _storable(text: str) -> str:
    """Refuse what the database cannot hold."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("not storable")
    return text


Plain = Annotated[str, AfterValidator(_storable)]
Key = Annotated[Plain, Field(max_length=60)]
Words = Annotated[Plain, Field(max_length=1000)]
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
Revision = Annotated[int | None, Field(ge=0, le=2**31 - 1)]


def known_only(request: HttpRequest, page: Schema) -> None:
    """Raise `InvalidInput` for a parameter that the list does not know."""
    unknown = sorted(set(request.GET) - set(type(page).model_fields))
    if unknown:
        mend = _("可用：%(known)s") % {"known": "、".join(type(page).model_fields)}
        raise InvalidInput(_("没有这个参数"), field=unknown[0][:80], mend=mend)
