"""The category table brought into force after a look at what changes; how well it is suggested."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.forms import attempt, posted
from gongzhi.matters import actions, queries
from gongzhi.matters.forms import CategoryTableForm
from gongzhi.matters.sheets import harmless
from gongzhi.matters.tables import COLUMNS

_POWER = "system.manage"


@never_cache
@access(_POWER, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Look a table over; then bring it into force."""
    form = CategoryTableForm(posted(request), request.FILES or None)
    wanted = "confirm" in request.POST
    done = attempt(form, lambda _data: _loaded(request, form, dry_run=not wanted))
    if done and wanted:
        messages.success(request, _("分类表第 %(n)d 版已启用") % {"n": done[0].number})
        return redirect("matters:categories_load")
    context = {"form": form, "planned": _planned(done), "measured": _measured()}
    return render(request, "matters/categories.html", context)


def _loaded(
    request: HttpRequest, form: CategoryTableForm, *, dry_run: bool
) -> tuple[actions.Loaded, str]:
    content = form.content()
    if not content:
        raise InvalidInput(_("没有选择文件"), field="file", mend=_("请选一个 CSV"))
    loaded = actions.load_categories(
        actor=actor_of(request), file=content, dry_run=dry_run, name=_("网页上传")
    )
    return loaded, content.decode("utf-8-sig")


def _planned(done: tuple[actions.Loaded, str] | None) -> dict[str, Any] | None:
    """Return what a table would change, and the table itself to be confirmed."""
    if done is None:
        return None
    loaded, text = done
    seen = CategoryTableForm(initial={"seen": text}, auto_id=False)["seen"]
    gone = [(code, queries.category_name(code)) for code in loaded.removed]
    return {"loaded": loaded, "seen": seen, "gone": gone}


def _measured() -> dict[str, Any] | None:
    found = queries.measured()
    if found is None:
        return None
    rows = [
        (queries.category_name(code), n, 100 * first // n, 100 * among // n)
        for code, (n, first, among) in found.figures["by_category"].items()
    ]
    shares = {k: round(100 * found.figures[k]) for k in ("first", "among_three", "hints_first")}
    return {"found": found, "figures": found.figures, "rows": rows, **shares}


@access(_POWER, face="desk")
@require_safe
def table(_request: HttpRequest) -> HttpResponse:
    """Answer the table in force as it would be loaded, to be changed and brought back."""
    into = io.StringIO()
    lines = csv.writer(into)
    lines.writerow(COLUMNS)
    lines.writerows([harmless(cell) for cell in row] for row in queries.category_rows())
    response = HttpResponse("\ufeff" + into.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="categories.csv"'
    return response
