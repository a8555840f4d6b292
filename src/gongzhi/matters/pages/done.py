"""What was done, for everybody: without words, persons or exact places."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.areas import queries as areas
from gongzhi.kernel.access import access
from gongzhi.kernel.forms import asked
from gongzhi.matters.queries.done import done_in_public


@access(face="public")
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Show what was done lately, in the district or one of its streets."""
    given = asked(request, "area", "cursor")
    area = given.get("area", "")
    page = done_in_public(area=area, cursor=given.get("cursor", ""))
    district = next(iter(areas.districts()), None)
    streets = areas.children(district.code) if district else []
    context = {"page": page, "area": area, "streets": streets, "district": district}
    return render(request, "matters/done.html", context)
