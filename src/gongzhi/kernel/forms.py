"""Lets a page's form show what an action refused, at the field it concerns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.forms import CharField, ClearableFileInput, FileField, Form, Textarea
from django.http import HttpRequest, QueryDict

from gongzhi.kernel.errors import FieldProblem, GongzhiError

R = TypeVar("R")


def show(form: Form, error: GongzhiError) -> None:
    """Put each problem of *error* at its field of the form, or on top of it."""
    found = error.problems or (FieldProblem("", str(error.message), str(error.mend)),)
    for problem in found:
        words = f"{problem.message}{'。' if problem.mend else ''}{problem.mend}"
        form.add_error(problem.field if problem.field in form.fields else None, words)


def attempt(form: Form, call: Callable[[dict[str, Any]], R]) -> R | None:
    """Call with the cleaned data of a valid form; None when the form or the action refuses."""
    if not form.is_valid():
        return None
    try:
        return call(form.cleaned_data)
    except GongzhiError as error:
        show(form, error)
        return None


class ResolvedField(CharField):
    """Words that stand for something known: `resolve` returns what is meant, or refuses."""

    resolve: Callable[[str], Any]

    def __init__(self, *, resolve: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)
        self.resolve = resolve

    def clean(self, value: Any) -> Any:
        """Return what the words mean, None for no words; the refusal becomes the field's error."""
        words = str(super().clean(value) or "").strip()
        if not words:
            return None
        try:
            return self.resolve(words)
        except GongzhiError as error:
            raise ValidationError(str(error)) from error


class ManyFiles(ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(FileField):
    """Several photos at once; cleaned to their bytes. What they are is checked by content."""

    def __init__(self, **more: Any) -> None:
        widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp"})
        super().__init__(widget=widget, required=more.pop("required", False), **more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the bytes of every file chosen."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
        return [super(PhotosField, self).clean(one, initial).read() for one in files]


def long_text(label: Any, most: int, *, rows: int = 4, **more: Any) -> CharField:
    """Return a field for several lines of at most *most* characters."""
    widget = Textarea(attrs={"rows": rows})
    return CharField(label=label, max_length=most, widget=widget, **more)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, also when every field of it is empty; None for a plain visit."""
    return request.POST if request.method == "POST" else None


def asked(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return what an address asks for by these names, without empty ones and odd characters."""
    found = {name: request.GET.get(name, "")[:80] for name in names}
    cleaned = {name: "".join(filter(str.isprintable, text)) for name, text in found.items()}
    return {name: text.strip() for name, text in cleaned.items() if text.strip()}
