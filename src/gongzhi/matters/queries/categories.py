"""The category table in force, held in memory while its number stays the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongzhi.kernel.held import Held
from gongzhi.kernel.languages import in_language
from gongzhi.matters.models import Category, CategoryTable


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """One category; `level` is 1, 2 or 3, `parent` the code above or ''.

    `hint` holds words that residents use, by which `suggest` finds it. `due` is within what time
    a matter of this kind is to be done ("5 workdays", "24 hours"; '' leaves it to the procedure)
    and `due_basis` the rule that says so; both are inherited from the category above.
    """

    code: str
    parent: str
    level: int
    zh: str
    en: str
    organisation_kind: str = ""
    basis: str = ""
    hint: str = ""
    due: str = ""
    due_basis: str = ""

    @property
    def name(self) -> str:
        """The name in the reader's language, Chinese where there is no other."""
        return in_language({"zh": self.zh, "en": self.en})


@dataclass(frozen=True, slots=True)
class CategoryBook:
    """The table in force (`number`), and the names of codes that older versions had."""

    number: int
    categories: dict[str, CategoryInfo] = field(default_factory=dict)
    former: dict[str, CategoryInfo] = field(default_factory=dict)

    def children(self, parent: str = "") -> list[CategoryInfo]:
        """Return the categories directly below *parent* ('' for the first level), in order."""
        return [one for one in self.categories.values() if one.parent == parent]

    def name(self, code: str) -> str:
        """Return the name of *code*, also of one no longer in force; '' for none."""
        found = self.categories.get(code) or self.former.get(code)
        return found.name if found else code

    def due_of(self, code: str) -> tuple[str, str]:
        """Return within what time a matter of this kind is to be done and by which rule, or ''."""
        found = self.categories.get(code)
        return (found.due, found.due_basis) if found else ("", "")

    def lineage(self, code: str) -> tuple[str, ...]:
        """Return *code* and the codes above it, the narrowest first."""
        found: list[str] = []
        known = self.categories.get(code) or self.former.get(code)
        while known is not None and known.code not in found:
            found.append(known.code)
            known = self.categories.get(known.parent) or self.former.get(known.parent)
        return tuple(found)

    def below(self, code: str) -> list[str]:
        """Return *code* and all codes below it, in force or former."""
        every = self.former | self.categories
        found = [code]
        for one in found:
            found.extend(c.code for c in every.values() if c.parent == one)
        return found


_held: dict[str, CategoryBook] = {}


def _read(number: int) -> CategoryBook:
    former: dict[str, CategoryInfo] = {}
    current: dict[str, CategoryInfo] = {}
    for one in Category.objects.order_by("table", "position"):
        into = current if one.table_id == number else former
        into[one.code] = CategoryInfo(
            one.code,
            one.parent,
            one.level,
            one.name,
            one.name_en,
            one.organisation_kind,
            one.basis,
            one.hint,
            *_due(one, into),
        )
    return CategoryBook(number, current, former)


def _due(one: Category, above: dict[str, CategoryInfo]) -> tuple[str, str]:
    """Return the time of a category and its rule: its own, or those of the one above."""
    if one.due or one.parent not in above:
        return one.due, one.due_basis
    return above[one.parent].due, above[one.parent].due_basis


def _read_number(_all: list[str]) -> dict[str, int]:
    newest = CategoryTable.objects.order_by("-number").values_list("number", flat=True).first()
    return {_NUMBER: newest or 0}


_NUMBER = "number"
_number = Held(_read_number, changed_by=("matters.categories_loaded",), seconds=2)


def category_book(number: int | None = None) -> CategoryBook:
    """Return the table in force, from memory while it is *number*; None: that of a moment ago."""
    if number is None:
        number = _number.one(_NUMBER) or 0
    book = _held.get("book")
    if book is None or book.number != number:
        book = _held["book"] = _read(number)
    return book


def category_name(code: str) -> str:
    """Return the name of one category in the reader's language; '' for ''."""
    return category_book().name(code) if code else ""


def suggest(words: str) -> str:
    """Return the category whose hint's words occur most often in *words*, or ''."""
    hits = {
        one.code: sum(word in words for word in one.hint.split())
        for one in category_book().categories.values()
    }
    best = max(hits, key=lambda code: hits[code], default="")
    return best if hits.get(best) else ""


def category_rows() -> list[list[str]]:
    """Return the table in force as its file has it: what is inherited is left out."""
    number = category_book().number
    names = ("code", "parent", "name", "name_en", "organisation_kind", "basis", "hint")
    found = Category.objects.filter(table=number).order_by("position")
    return [list(row) for row in found.values_list(*names, "due", "due_basis")]
