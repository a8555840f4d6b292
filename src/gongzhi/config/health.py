"""Two addresses for machines: is the system alive, and its metrics."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django_prometheus.exports import ExportToDjangoView

from gongzhi import __version__
from gongzhi.kernel.access import access


@access(face="public")
def health(_: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, else 503; says nothing that helps an intruder."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        alive = True
    except DatabaseError:
        alive = False
    body = {"status": "ok" if alive else "database unreachable", "version": __version__}
    return JsonResponse(body, status=200 if alive else 503)


@access(face="public")
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the metrics in Prometheus' text format, to callers on this machine only."""
    direct = "HTTP_X_FORWARDED_FOR" not in request.META
    if not direct or request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1"):
        return HttpResponse(status=403)
    answer: HttpResponse = ExportToDjangoView(request)
    return answer
