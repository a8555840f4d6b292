"""Pages of notices: one's own, where they go by e-mail, the stop link, and what did not go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import REPORTER
from gongzhi.kernel.errors import GongzhiError
from gongzhi.kernel.forms import attempt, posted
from gongzhi.messages import actions, queries
from gongzhi.messages.choices import MANAGE
from gongzhi.messages.errors import AddressInvalid
from gongzhi.messages.forms import MailForm

both = require_http_methods(["GET", "HEAD", "POST"])
_LONGEST_ID = 2**63


@never_cache
@access(face="account")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show one's own notices, the unread first."""
    actor = actor_of(request)
    page = queries.list_notices(actor, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "unread": queries.unread_count(actor)}
    return render(request, "messages/inbox.html", context)


@never_cache
@access(face="account")
@require_safe
def one(request: HttpRequest, item: int) -> HttpResponse:
    """Go to what a notice is about; opening it is its receipt."""
    actor = actor_of(request)
    notice = queries.opened(actor, _number(item))
    actions.mark_read(actor=actor, notice=notice.id)
    if notice.url:
        return redirect(notice.url)
    messages.info(request, _("这件事已经不在您的范围内"))
    return redirect("messages:inbox")


@access(face="account")
@require_POST
def read(request: HttpRequest, item: int) -> HttpResponse:
    """Mark one notice as read."""
    actions.mark_read(actor=actor_of(request), notice=_number(item))
    return redirect("messages:inbox")


@access(face="account")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(actor=actor_of(request))
    messages.success(request, _("全部标为已读"))
    return redirect("messages:inbox")


def _number(item: int) -> int:
    if item >= _LONGEST_ID:
        raise Http404
    return item


@never_cache
@access(face="account")
@both
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose which notices come by e-mail as well, and where they go."""
    actor = actor_of(request)
    kept = queries.own_address(actor)
    form = MailForm(posted(request), kept=bool(kept.masked), initial={"kinds": kept.kinds})
    if attempt(form, lambda data: _keep(request, data, bool(kept.masked))):
        messages.success(request, _("已保存"))
        return redirect("messages:preferences")
    context = {"form": form, "kept": kept}
    status = 422 if form.errors else 200
    return render(request, "messages/preferences.html", context, status=status)


def _keep(request: HttpRequest, data: dict[str, Any], kept: bool) -> bool:
    if data["kinds"] and not (data["email"] or kept):
        raise AddressInvalid(_("还没有邮箱"), field="email", mend=_("请填写邮箱，或不选任何通知"))
    actions.set_own_address(actor=actor_of(request), **data)
    return True


@never_cache
@access(face="reporter")
@both
def confirm(request: HttpRequest, item: int, secret: str) -> HttpResponse:
    """Confirm an address that somebody gave; opening alone does not, for programs open links."""
    item = _number(item)
    if request.method == "POST":
        actions.confirm_address(actor=REPORTER, address=item, secret=secret)
        return redirect("messages:confirm", item, secret)
    found = queries.address_to_confirm(item, secret)
    context = {"masked": queries.masked(found), "confirmed": found.confirmed_at is not None}
    return render(request, "messages/confirm.html", context)


@csrf_exempt
@never_cache
@access(face="reporter")
@both
def stop(request: HttpRequest, item: int, secret: str) -> HttpResponse:
    """Stop the e-mails about one matter, without signing in.

    The secret in the address proves who asks, so a mail program may post here by itself
    (RFC 8058); opening the link alone changes nothing, for programs open links as well.
    """
    item = _number(item)
    if request.method == "POST":
        again = bool(request.POST.get("again"))
        actions.stop_mails(actor=REPORTER, address=item, secret=secret, stop=not again)
        return redirect("messages:stop", item, secret)
    found = queries.resident_address(item, secret)
    context = {"masked": queries.masked(found), "stopped": found.stopped_at is not None}
    return render(request, "messages/stop.html", context)


# --- what did not go ------------------------------------------------------------------------------
@never_cache
@access(MANAGE, face="desk")
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Show the e-mails that did not go and the facts that handlers gave up."""
    actor = actor_of(request)
    context = {
        "page": queries.dead_mails(actor, cursor=request.GET.get("cursor", "")),
        "facts": queries.log_letters(actor),
        "figures": queries.figures(actor),
    }
    return render(request, "messages/letters.html", context)


_DOES: dict[str, tuple[Any, str, Any]] = {
    "retry": (actions.retry_mail, "delivery", lambda: _("已重新排队发送")),
    "settle": (actions.settle_mail, "delivery", lambda: _("已标为处理过")),
    "retry-fact": (actions.retry_fact, "letter", lambda: _("已重新办理")),
    "settle-fact": (actions.settle_fact, "letter", lambda: _("已标为处理过")),
}


@access(MANAGE, face="desk")
@require_POST
def letter(request: HttpRequest, item: int, what: str) -> HttpResponse:
    """Try a letter once more, or set it aside."""
    if what not in _DOES:
        raise Http404
    call, name, done = _DOES[what]
    try:
        call(actor=actor_of(request), **{name: _number(item)})
    except GongzhiError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done())
    return redirect("messages:letters")
