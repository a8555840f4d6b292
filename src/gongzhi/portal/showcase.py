"""Samples for the page of components: every state a component knows, on invented data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.kernel import clock
from gongzhi.kernel.errors import InvalidInput
from gongzhi.portal import assets, choices

_LONG = gettext_lazy(
    "三号楼北侧消防通道每天晚上七点以后停满了车，救护车进不来，希望划线并安排人管。"
)
_WORD = gettext_lazy("样例")


class SampleForm(forms.Form):
    """One field of every kind that pages draw."""

    words = forms.CharField(
        label=gettext_lazy("一段话"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("想到什么写什么，不用写得很正式。"),
    )
    number = forms.IntegerField(label=gettext_lazy("数目"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("从列表中选"), choices=[("1", gettext_lazy("甲")), ("2", _LONG)]
    )
    judged = forms.ChoiceField(
        label=gettext_lazy("从几个中选"),
        widget=forms.RadioSelect,
        choices=[("1", gettext_lazy("解决了")), ("0", gettext_lazy("没解决"))],
    )
    agreed = forms.BooleanField(label=gettext_lazy("我已核对"), required=False)
    photos = forms.FileField(label=gettext_lazy("照片"), required=False)


def samples() -> dict[str, Any]:
    """Return the context of the page of components."""
    return {**_lists(), **_forms(), **_times(), "long": _LONG, "word": _WORD}


def _forms() -> dict[str, Any]:
    wrong = {"words": "", "number": "x", "kind": "9"}
    refused = SampleForm(wrong, auto_id="id_refused_%s")
    refused.add_error(None, _("这件事刚刚由别人办了，请刷新后再看"))
    error = InvalidInput(_("这个位置不在本区范围内"), field="lon", mend=_("请在地图上移到本区之内"))
    return {
        "empty_form": SampleForm(auto_id="id_empty_%s"),
        "refused_form": refused,
        "wrong_form": SampleForm(wrong, auto_id="id_wrong_%s"),
        "small_form": forms.Form(),
        "refusal": error,
        "move": {"key": "sample", "name": _("办好答复"), "note": _("回访")},
        "long_move": {"key": "sample-long", "name": _LONG, "note": _("街道")},
    }


def _lists() -> dict[str, Any]:
    rows = [
        {"label": _("办理中"), "url": "?", "here": True, "count": 12},
        {"label": _("已超期"), "url": "?late", "here": False, "count": 0},
        {"label": _LONG, "url": "?long", "here": False, "count": None},
    ]
    return {
        "rows": rows,
        "crumbs": [(_("事项"), "?"), (_LONG, "")],
        "pictures": [{"url": "?", "thumbnail": assets.file_address("mark.svg")}] * 3,
        "steps": [_("什么事"), _("在哪里"), _("怎么联系您")],
        "states": list(choices.STATES),
        "bulk": [{"value": "claim", "label": _("认领")}],
        "kinds": ("info", "success", "warning", "error"),
        "buttons": ("", "primary", "danger", "quiet", "big"),
    }


def _times() -> dict[str, Any]:
    now = clock.now()
    dues = [now - timedelta(days=3), now + timedelta(hours=3), now + timedelta(days=9)]
    happened = [
        {"at": now, "what": _("一社区 社区工作者 上报街道"), "note": _LONG},
        {"at": now - timedelta(days=1), "what": _("交网格"), "note": ""},
        {"at": now - timedelta(days=2), "what": _("已登记，编号 CC-2611-04827-3"), "note": ""},
    ]
    return {"dues": dues, "happened": happened}
