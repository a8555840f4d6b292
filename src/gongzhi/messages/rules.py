"""The rules of `notices.yaml`: kinds, templates with their words, quiet hours; data, not code."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.kernel import clock
from gongzhi.kernel.districts import SHIPPED, files_of
from gongzhi.kernel.languages import is_english
from gongzhi.messages.errors import RulesBroken

LANGUAGES = ("zh", "en")
_HOLE = re.compile(r"\{(\w+)\}")
_OPTION = re.compile(r"\[([^\[\]]*)\]")
_MOMENT = "_at"
_HOUR = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
_BASE = SHIPPED / "notices.yaml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A group of notices that staff can choose to get by e-mail."""

    key: str
    names: Mapping[str, str]
    email: bool

    @property
    def name(self) -> str:
        """The kind's name in the reader's language."""
        return self.names[_language()]


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one notice in each language, its kind, and whether it may come at night."""

    key: str
    kind: str
    urgent: bool
    words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of an installation."""

    quiet_from: time
    quiet_to: time
    keep_days: int
    tell_days: int
    confirm_days: int
    confirm_most: int
    kinds: Mapping[str, Kind]
    templates: Mapping[str, Template]
    mail: Mapping[str, Mapping[str, str]]

    def is_quiet(self, moment: datetime) -> bool:
        """Whether e-mails wait at this moment."""
        at = clock.local(moment).time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to

    def awake(self, moment: datetime) -> datetime:
        """Return *moment*, or the end of the quiet hours in which it falls."""
        if not self.is_quiet(moment):
            return moment
        local = clock.local(moment)
        end = datetime.combine(local.date(), self.quiet_to, clock.LOCAL)
        return end if end > local else end + timedelta(days=1)

    def is_past(self, moment: datetime) -> bool:
        """Whether what happened then is too long ago to be told to staff as news."""
        return clock.now() - moment > timedelta(days=self.tell_days)

    def template(self, key: str) -> Template:
        """Return a template; one that the file no longer names is told by its key."""
        found = self.templates.get(key)
        return found or Template(key, "", False, {one: {"line": key} for one in LANGUAGES})


def _language() -> str:
    return "en" if is_english() else "zh"


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        _check(found)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulesBroken(f"{path}: {error}") from error
    return dict(found)


def _check(found: Mapping[str, Any]) -> None:
    """Raise for what a later reader would stumble over, naming its place."""
    for key, template in found.get("templates", {}).items():
        for language in LANGUAGES:
            words = template[language]
            if not words["line"] or words["text"].count("[") != words["text"].count("]"):
                raise ValueError(f"templates.{key}.{language}")
    for key in ("from", "to"):
        hour = found.get("quiet", {}).get(key, "00:00")
        if not _HOUR.match(str(hour)):
            raise ValueError(f"quiet.{key}: {hour!r}")


def read_rules(*paths: Path) -> Rules:
    """Return the rules of these files, each replacing what it names of those before.

    Raises `RulesBroken`, naming file and place.
    """
    whole: dict[str, Any] = {"quiet": {}, "kinds": {}, "templates": {}, "mail": {}}
    for path in paths:
        for name, part in _read(path).items():
            whole[name] = {**whole.get(name, {}), **part} if isinstance(part, dict) else part
    kinds = {
        key: Kind(key, {one: given[one] for one in LANGUAGES}, bool(given.get("email")))
        for key, given in whole["kinds"].items()
    }
    templates = {
        key: Template(
            key, given["kind"], bool(given.get("urgent")), {one: given[one] for one in LANGUAGES}
        )
        for key, given in whole["templates"].items()
    }
    if unknown := {one.kind for one in templates.values()} - set(kinds):
        raise RulesBroken(f"{paths[-1]}: kinds: {', '.join(sorted(unknown))}")
    quiet = {key: time.fromisoformat(whole["quiet"][key]) for key in ("from", "to")}
    return Rules(
        quiet["from"],
        quiet["to"],
        int(whole["keep_days"]),
        int(whole["tell_days"]),
        int(whole["confirm_days"]),
        int(whole["confirm_most"]),
        kinds,
        templates,
        whole["mail"],
    )


@functools.cache
def rules() -> Rules:
    """Return this installation's rules; the district's own over those that ship."""
    return read_rules(*files_of("notices.yaml"))


# --- words ----------------------------------------------------------------------------------------
def say(words: str, values: Mapping[str, Any]) -> str:
    """Return *words* with their {holes} filled; [options] with an empty hole fall away."""
    filled = {name: _plain(name, value) for name, value in values.items()}

    def option(found: re.Match[str]) -> str:
        holes = _HOLE.findall(found[1])
        return found[1] if all(filled.get(hole) for hole in holes) else ""

    kept = _OPTION.sub(option, words)
    return _HOLE.sub(lambda found: filled.get(found[1], ""), kept).strip()


def _plain(name: str, value: Any) -> str:
    """Return a value in the reader's language: a moment in words, or one of {zh, en}."""
    if isinstance(value, dict):
        value = value.get(_language())
    if name.endswith(_MOMENT) and value:
        return moment(datetime.fromisoformat(str(value)))
    return str(value or "")


def line(template: str, values: Mapping[str, Any]) -> str:
    """Return what a notice says in one line, in the reader's language."""
    return say(rules().template(template).words[_language()]["line"], values)


def text(template: str, values: Mapping[str, Any]) -> str:
    """Return what a notice says, in the reader's language."""
    return say(rules().template(template).words[_language()].get("text", ""), values)


def mail_words() -> Mapping[str, str]:
    """Return what stands around every e-mail, in the reader's language."""
    return rules().mail[_language()]


def moment(value: datetime) -> str:
    """Say a day and the time of day, as the pages do: 11月26日（周四）18:00."""
    at = clock.local(value)
    parts = {
        "year": at.year,
        "month": at.month,
        "month_name": f"{at:%b}",
        "day": at.day,
        "weekday": _WEEKDAYS[at.weekday()],
    }
    if at.year == clock.today().year:
        day = _("%(month)s月%(day)s日（%(weekday)s）") % parts
    else:
        day = _("%(year)s年%(month)s月%(day)s日（%(weekday)s）") % parts
    return _("%(day)s%(hour)s") % {"day": day, "hour": f"{at:%H:%M}"}
