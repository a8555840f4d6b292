"""Template filters for plain words: dates, times left, references, fields of forms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongzhi.kernel import languages
from gongzhi.portal import choices, wording

register = template.Library()


@register.filter
def day(value: date | datetime | None) -> str:
    """Say a date: 11月26日（周四）, with the year when it is not this one."""
    return "" if value is None else wording.day(value)


@register.filter
def said(value: str) -> str:
    """Say a word of the district's own files in the reader's language, as far as it is known."""
    return languages.said(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Say a date and a time of day: 11月26日（周四）18:00."""
    return "" if value is None else wording.moment(value)


@register.filter
def short_moment(value: datetime | None) -> str:
    """Say a time shortly: 今天 09:10, 昨天 16:05, 11月21日 16:05."""
    return "" if value is None else wording.short_moment(value)


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Say a date without its weekday: 11月21日."""
    return "" if value is None else wording.short_day(value)


@register.filter
def time_left(value: datetime | None) -> str:
    """Say how long is left until, or gone since, a due time: 还剩2个工作日, 已超期3小时."""
    return "" if value is None else wording.time_left(value)


@register.filter
def due_tone(value: datetime | None) -> str:
    """Return `late`, `soon` or an empty string for a due time."""
    return "" if value is None else wording.due_tone(value)


@register.filter
def due_short(value: datetime | None) -> str:
    """Say a due time in a tag: 超1天, 今天 18:00, 周四, 12月3日."""
    return "" if value is None else wording.due_short(value)


@register.simple_tag
def state_tag(state: str = "", word: Any = "") -> SafeString:
    """Draw a state by word, icon and colour; *word* replaces the state's own."""
    from gongzhi.portal.templatetags.shell import icon

    known = choices.STATES.get(state)
    if known is None:
        return format_html('<span class="tag">{}</span>', word or state)
    return format_html(
        '<span class="tag tag-{}">{}{}</span>', known.tone, icon(known.icon), word or known.word
    )


_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "check"),
    (forms.ClearableFileInput, "file"),
    (forms.FileInput, "file"),
    (forms.SelectMultiple, "select"),
    (forms.Select, "select"),
)


@register.filter
def field_kind(field: BoundField) -> str:
    """Return how to draw a field: choices, check, file, select, hidden or input."""
    if field.is_hidden:
        return "hidden"
    for widget, kind in _KINDS:
        if isinstance(field.field.widget, widget):
            return kind
    return "input"


@register.filter
def styled(field: BoundField, css: str = "") -> SafeString:
    """Render a field's widget with the look of the house, keeping classes it has already."""
    own = field.field.widget.attrs.get("class", "")
    base = "form-select" if field_kind(field) == "select" else "form-control"
    return field.as_widget(attrs={"class": " ".join(part for part in (base, own, css) if part)})
