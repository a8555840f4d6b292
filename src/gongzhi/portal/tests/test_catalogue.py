"""The compiled translations are those of the sources, and leave nothing out."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest

from gongzhi.portal import catalogue

ROOT = Path(catalogue.__file__).parent.parent
FILES = catalogue.catalogues(ROOT)


@pytest.mark.parametrize("source", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_compiled_translations_are_up_to_date(source: Path) -> None:
    fresh = catalogue.compiled(source.read_text("utf-8"))
    assert source.with_suffix(".mo").read_bytes() == fresh, "run python -m gongzhi.portal.catalogue"


def test_what_is_compiled_can_be_read() -> None:
    text = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "甲"\nmsgstr "A\\n"\n"B"\n\n'
        '#, fuzzy\nmsgid "乙"\nmsgstr "guess"\n\n'
        'msgctxt "month"\nmsgid "1"\nmsgstr "Jan"\n\n'
        'msgid "%(n)s天"\nmsgid_plural "%(n)s天"\nmsgstr[0] "day"\nmsgstr[1] "days"\n'
    )
    found = gettext.GNUTranslations(io.BytesIO(catalogue.compiled(text)))
    assert found.gettext("甲") == "A\nB"
    assert found.gettext("乙") == "乙"
    assert found.pgettext("month", "1") == "Jan"
    assert found.ngettext("%(n)s天", "%(n)s天", 2) == "days"
