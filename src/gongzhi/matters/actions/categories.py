"""Loads the category table: a changed file becomes a new version, the same file changes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import orjson
from django.utils.translation import gettext as _

from gongzhi.areas.queries import districts
from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import allow_if, require
from gongzhi.matters.errors import CategoriesUnreadable
from gongzhi.matters.facts import CategoriesLoaded
from gongzhi.matters.models import Category, CategoryTable
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.tables import CategoryLine, read_categories, read_table


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading came to: the version in force and the codes that changed."""

    number: int
    categories: int
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: bool = False
    altered: tuple[str, ...] = ()


@action
def load_categories(
    *, actor: Actor, file: Path | bytes, dry_run: bool = False, name: str = ""
) -> Loaded:
    """Make the file's table the one in force; with *dry_run* only say what would change.

    Matters keep the code they were filed under. Raises `CategoriesUnreadable` with every bad
    line, and `NotAllowed` without `system.manage`.
    """
    require(allow_if(actor.has("system.manage"), _("您不能载入类别表")))
    lines, problems = read_table(file) if isinstance(file, bytes) else read_categories(file)
    if problems:
        error = CategoriesUnreadable()
        error.problems = tuple(problems)
        raise error
    plain = orjson.dumps([asdict(line) for line in lines])
    digest = hashlib.sha256(plain).hexdigest()
    before = category_book()
    latest = CategoryTable.objects.order_by("-number").first()
    if latest is not None and latest.digest == digest:
        return Loaded(latest.number, len(lines))
    codes = {line.code for line in lines}
    number = (latest.number if latest else 0) + 1
    if not dry_run:
        _write(number, digest, name if isinstance(file, bytes) else file.name, lines)
        served = districts()
        emit(CategoriesLoaded(number, len(lines)), area=served[0].code if served else "")
    known = set(before.categories)
    return Loaded(
        number,
        len(lines),
        tuple(sorted(codes - known)),
        tuple(sorted(known - codes)),
        changed=True,
        altered=_altered(lines, latest),
    )


def _altered(lines: list[CategoryLine], latest: CategoryTable | None) -> tuple[str, ...]:
    """Return the codes of which something but the code is another than in the latest table."""
    names = [f.name for f in fields(CategoryLine)]
    before = Category.objects.filter(table=latest).values(*names) if latest else ()
    kept = {row["code"]: row for row in before}
    changed = (one.code for one in lines if one.code in kept and asdict(one) != kept[one.code])
    return tuple(sorted(changed))


def _write(number: int, digest: str, source: str, lines: list[CategoryLine]) -> None:
    table = CategoryTable(number=number, digest=digest, source=source[:120], loaded_at=clock.now())
    CategoryTable.objects.bulk_create([table])
    Category.objects.bulk_create(
        Category(table=table, position=position, **asdict(line))
        for position, line in enumerate(lines)
    )
