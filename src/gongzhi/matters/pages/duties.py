"""The lists of duties as staff read them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gongzhi.areas import queries as areas
from gongzhi.kernel.access import access
from gongzhi.matters.choices import SEE
from gongzhi.matters.queries import duties

_KINDS = {
    "own": _("基本履职：自己负责办"),
    "assist": _("配合履职：只配合，不能作为主责派给它"),
    "withdrawn": _("上级收回：不能派给它"),
}


@access(SEE, face="desk")
@require_safe
def duty_list(request: HttpRequest) -> HttpResponse:
    """Show what each level does itself, helps with, and must not be given."""
    names = areas.level_names()
    lists = [
        {
            "level": names.get(level, level),
            "kinds": [
                {"label": _KINDS[kind], "rows": rows}
                for kind, rows in duties.duties_of(level).items()
            ],
        }
        for level in duties.levels_with_lists()
    ]
    return render(request, "matters/duties.html", {"lists": lists})
