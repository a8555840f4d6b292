"""Several cases in one go: given to somebody, moved on or closed, each by itself."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongzhi.kernel import parts
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.errors import GongzhiError
from gongzhi.kernel.forms import long_text
from gongzhi.matters import actions, queries
from gongzhi.matters.actions import Fate

TOGETHER = "together"
_ASSIGN = "assign"
_LOOK = "look"
_MOVE = "move:"
_KEY = re.compile(r"[0-9a-f]{32}")


class AssignForm(forms.Form):
    """Who is to have the chosen cases."""

    account = forms.IntegerField(
        label=gettext_lazy("指派给"), min_value=1, max_value=2**63 - 1, widget=forms.Select
    )

    def __init__(self, data: Any = None, *, people: Iterable[tuple[int, str]] = ()) -> None:
        super().__init__(data, prefix=_ASSIGN)
        # Offered is who could have them all; who may have which, the action says for each.
        widget: Any = self.fields["account"].widget
        widget.choices = [("", _("请选择")), *people]


class ShortForm(forms.Form):
    """What a move asks that can be said once for many; the engine checks the answers again."""

    def __init__(self, move: queries.CommonMove, data: Any = None) -> None:
        super().__init__(data, prefix=move.key)  # the forms of several moves stand in one
        self.fields = {one.key: _field(one) for one in move.form}

    def answers(self) -> dict[str, Any]:
        """Return what was answered; empty answers are left out."""
        return {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}


def _field(one: Any) -> forms.Field:
    seen = one.public and not one.hint
    common: dict[str, Any] = {
        "label": f"{one.label}{_('（居民可见）')}" if seen else one.label,
        "required": one.required and one.type != "boolean",
        "help_text": one.hint,
    }
    if one.type == "boolean":
        return forms.BooleanField(**common)
    if one.type == "integer":
        return forms.IntegerField(min_value=0, **common)
    if one.type == "choice":
        choices = [("", _("请选择")), *((c.key, c.label) for c in one.choices)]
        return forms.ChoiceField(choices=choices, **common)
    if one.type == "long_text":
        return long_text(common.pop("label"), one.maximum or 5000, rows=3, **common)
    kinds = {"date": "date", "datetime": "datetime-local"}
    widget = forms.TextInput(attrs={"type": kinds.get(one.type, "text")})
    return forms.CharField(max_length=one.maximum or 5000, widget=widget, **common)


def go_on(request: HttpRequest, chosen: list[str], back: str) -> HttpResponse:
    """Send the browser on to what can be done with the chosen ones together."""
    asked = urlencode({"case": chosen[: actions.MOST_TOGETHER], "next": back}, doseq=True)
    where = f"{reverse('matters:together')}?{asked}"
    if not parts.wanted(request):
        return redirect(where)
    response = HttpResponse()
    response["HX-Redirect"] = where
    return response


@never_cache
@access(face="account")
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest) -> HttpResponse:
    """Show what the chosen cases have in common; do it, and keep what was refused chosen."""
    given = request.POST if request.method == "POST" else request.GET
    chosen, back = given.getlist("case"), given.get("next", "")
    if request.POST.get("do", _LOOK) == _LOOK:
        return _page(request, chosen, back)
    return _tried(request, chosen, back)


def _tried(request: HttpRequest, chosen: list[str], back: str) -> HttpResponse:
    """Do what was asked for, or show again what was filled in."""
    found = queries.together(actor_of(request), chosen[: actions.MOST_TOGETHER])
    form = _form(request, found)
    if form is None:
        messages.error(request, _("选中的事项现在没有这一步"))
    if form is None or not form.is_valid():
        return _page(request, chosen, back, form=form)
    try:
        fates = _done(request, chosen, form)
    except GongzhiError as error:
        messages.error(request, str(error))
        return _page(request, chosen, back, form=form)
    return _told(request, fates, back)


def _form(request: HttpRequest, found: queries.Together) -> Any:
    """Return what was filled in, by the button that was pressed; None for no such button."""
    pressed = request.POST.get("do", "")
    if pressed == _ASSIGN:
        return AssignForm(request.POST, people=found.people)
    wanted = pressed.removeprefix(_MOVE)
    move = queries.move_for_many(actor_of(request), found.cases, wanted)
    return ShortForm(move, request.POST) if move else None


def _done(request: HttpRequest, chosen: list[str], form: Any) -> list[Fate]:
    given = request.POST.get("key", "")
    common: dict[str, Any] = {
        "actor": actor_of(request),
        "references": chosen,
        "key": given if _KEY.fullmatch(given) else "",
    }
    if isinstance(form, AssignForm):
        return actions.assign_together(account=form.cleaned_data["account"], **common)
    return actions.move_together(move=form.prefix, data=form.answers(), **common)


def _told(request: HttpRequest, fates: list[Fate], back: str) -> HttpResponse:
    """Go back where one came from, or stay with what was refused."""
    done = [fate.chosen for fate in fates if fate.error is None]
    refused = {fate.chosen: str(fate.error) for fate in fates if fate.error is not None}
    if done:
        words = {"n": len(done), "which": _("、").join(done)}
        messages.success(request, _("已办 %(n)d 件：%(which)s") % words)
    if refused:
        messages.error(request, _("%(n)d 件没有办成，原因写在各件下面") % {"n": len(refused)})
        return _page(request, list(refused), back, refused=refused)
    return redirect(_safe(back))


def _safe(back: str) -> str:
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if safe else reverse("matters:inbox")


def _page(
    request: HttpRequest,
    chosen: list[str],
    back: str,
    *,
    form: Any = None,
    refused: dict[str, str] | None = None,
) -> HttpResponse:
    found = queries.together(actor_of(request), chosen[: actions.MOST_TOGETHER])
    told = refused or {}
    shown = {state.reference for state in found.cases}
    moves = [(one, _kept(one, form)) for one in found.moves]
    assigning = form if isinstance(form, AssignForm) else AssignForm(people=found.people)
    context = {
        "lines": [(state, told.get(state.reference, "")) for state in found.cases],
        "gone": [(one, why) for one, why in told.items() if one not in shown],
        "onward": [one for one in moves if not one[0].ends],
        "ending": [one for one in moves if one[0].ends],
        "assigning": assigning if found.people else None,
        "back": _safe(back),
        "key": secrets.token_hex(16),
    }
    return render(request, "matters/together.html", context)


def _kept(move: queries.CommonMove, form: Any) -> Any:
    """Return the form that was filled in, or an empty one."""
    filled = isinstance(form, ShortForm) and form.prefix == move.key
    return form if filled else ShortForm(move)
