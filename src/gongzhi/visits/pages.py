"""The desk's pages of visits: the list, a new one with rows for needs, one visit."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.forms import attempt, posted
from gongzhi.visits import actions, forms, queries
from gongzhi.visits.choices import NEEDS_MORE, RECORD, SEE, SOURCE
from gongzhi.visits.queries import TABS

_TAB = "visits_tab"
_LABELS: dict[str, Any] = {
    "all": gettext_lazy("全部"),
    "open": gettext_lazy("还有需求没办"),
    "late": gettext_lazy("答应的过期了"),
}


@access(SEE, face="desk")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the visits the reader may see, in the tab that was open last."""
    actor, tab = actor_of(request), _tab(request)
    page = queries.list_visits(actor, tab=tab, cursor=request.GET.get("cursor", ""))
    tabs = [{"label": _LABELS[one], "url": f"?tab={one}", "here": one == tab} for one in TABS]
    context = {"page": page, "tabs": tabs, "tab": tab, "may_record": actor.has(RECORD)}
    return render(request, "visits/list.html", context)


def _tab(request: HttpRequest) -> str:
    """Return the tab asked for, else the one that was open last; it is kept for the next time."""
    kept = request.session.get(_TAB, TABS[0])
    tab = request.GET.get("tab", kept)
    tab = tab if tab in TABS else TABS[0]
    if tab != kept:
        request.session[_TAB] = tab
    return tab


@access(RECORD, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write down a visit; one press adds rows for needs, without scripts too."""
    rows = forms.rows_of(request.POST)
    if "more" in request.POST:
        rows = forms.rows_of({"rows": str(rows + NEEDS_MORE)})
        form = forms.VisitForm(initial=request.POST.dict(), rows=rows)
    else:
        form = forms.VisitForm(posted(request), rows=rows)
    visit = None if "more" in request.POST else attempt(form, lambda data: _save(request, form))
    if visit:
        messages.success(request, _("走访已记下"))
        return redirect("visits:visit", visit)
    key = request.POST.get("key") or secrets.token_hex(32)
    context = {"form": form, "area": _area(request), "key": key}
    return render(request, "visits/new.html", context)


def _area(request: HttpRequest) -> str:
    """Return the deepest area chosen; before anything is chosen, the narrowest post's."""
    if request.method == "POST":
        return max(request.POST.getlist("area"), key=len, default="")[:20]
    return max(actor_of(request).areas_for(RECORD), key=len, default="")


def _save(request: HttpRequest, form: forms.VisitForm) -> int:
    data = form.cleaned_data
    visit = actions.NewVisit(
        area=_area(request),
        visited_on=data["visited_on"],
        purpose=data["purpose"],
        place_text=data["place_text"],
        heard=data["heard"],
        needs=form.needs(),
        submit_key=request.POST.get("key", "")[:200],
    )
    return actions.record_visit(actor=actor_of(request), new=visit)


@access(SEE, face="desk")
@require_safe
def visit(request: HttpRequest, visit: int) -> HttpResponse:
    """Show one visit and what came of each need."""
    return _page(request, visit)


def _page(
    request: HttpRequest, visit: int, typed: tuple[int, forms.ResultForm] | None = None
) -> HttpResponse:
    found = queries.get_visit(actor_of(request), visit)
    needs = [
        {
            "need": one,
            "source": f"{SOURCE}:{one.id}",
            "form": typed[1] if typed and typed[0] == one.id else _result_form(one.id),
        }
        for one in found.needs
    ]
    context = {"visit": found, "needs": needs, "may_report": _may_report(actor_of(request))}
    return render(request, "visits/visit.html", context)


def _may_report(actor: Actor) -> bool:
    """Whether the button leads anywhere: the form it opens asks for this power."""
    return actor.has("matters.report")


def _result_form(need: int, data: Any = None) -> forms.ResultForm:
    return forms.ResultForm(data, auto_id=f"id_{need}_%s")


@access(RECORD, face="desk")
@require_POST
def answer(request: HttpRequest, visit: int, need: int) -> HttpResponse:
    """Write down what came of a need that is no matter."""
    form, actor = _result_form(need, request.POST), actor_of(request)
    done = attempt(form, lambda data: actions.answer_need(actor=actor, need=need, **data) or True)
    return redirect("visits:visit", visit) if done else _page(request, visit, (need, form))
