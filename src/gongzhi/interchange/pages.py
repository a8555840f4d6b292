"""The pages of webhooks: where events are sent, and the log of what was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.interchange import actions, queries
from gongzhi.interchange.choices import MANAGE
from gongzhi.interchange.forms import EndpointForm
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.forms import attempt, posted

_STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "test": (actions.send_test, gettext_lazy("测试事件已安排，几秒后看结果")),
    "pause": (actions.pause_endpoint, gettext_lazy("已暂停，期间的事件会留到恢复后再发")),
    "resume": (actions.resume_endpoint, gettext_lazy("已恢复")),
    "remove": (actions.remove_endpoint, gettext_lazy("已删除，不再推送")),
}


@access(MANAGE, face="desk")
def endpoint_list(request: HttpRequest) -> HttpResponse:
    """List where events are sent."""
    found = queries.list_endpoints(actor_of(request))
    return render(request, "interchange/endpoints.html", {"endpoints": found})


@access(MANAGE, face="desk")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_endpoint(request: HttpRequest) -> HttpResponse:
    """Add an endpoint and show its secret, this once."""
    actor = actor_of(request)
    form = EndpointForm(posted(request), actor=actor)
    added = attempt(form, lambda data: actions.add_endpoint(actor=actor, **data))
    context = {"form": form, "added": added}
    return render(
        request, "interchange/new_endpoint.html", context, status=422 if form.errors else 200
    )


@access(MANAGE, face="desk")
def one_endpoint(request: HttpRequest, endpoint: int) -> HttpResponse:
    """Show an endpoint with its log."""
    actor = actor_of(request)
    found = queries.get_endpoint(actor, endpoint)
    page = queries.list_deliveries(actor, endpoint, cursor=request.GET.get("cursor", ""))
    return render(request, "interchange/endpoint.html", {"endpoint": found, "page": page})


@access(MANAGE, face="desk")
@require_POST
def step(request: HttpRequest, endpoint: int, step: str) -> HttpResponse:
    """Test, pause, resume or remove an endpoint."""
    if step not in _STEPS:
        raise Http404
    call, words = _STEPS[step]
    call(actor=actor_of(request), endpoint=endpoint)
    messages.success(request, words)
    if step == "remove":
        return redirect("interchange:endpoints")
    return redirect("interchange:endpoint", endpoint=endpoint)


@access(MANAGE, face="desk")
@require_POST
def resend(request: HttpRequest, endpoint: int, delivery: int) -> HttpResponse:
    """Send one delivery once more."""
    actions.resend(actor=actor_of(request), endpoint=endpoint, delivery=delivery)
    messages.success(request, _("已安排重发"))
    return redirect("interchange:endpoint", endpoint=endpoint)
