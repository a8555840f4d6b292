"""Words and quiet hours come from a file, in both languages, and a broken file is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import translation

from gongzhi.kernel import clock
from gongzhi.messages import rules
from gongzhi.messages.errors import RulesBroken
from gongzhi.messages.rules import _BASE, read_rules
from gongzhi.messages.tests.support import MORNING, NIGHT, NOON

VALUES = {
    "reference": "JQ-2603-00001-7",
    "stage": "社区处理",
    "place": "一社区",
    "step": "已转给社区",
    "owner": {"zh": "一社区 社区工作者", "en": "一社区 Community worker"},
    "outcome": "已解决",
    "due_at": "2026-03-06T10:00:00+00:00",
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("template", sorted(rules.rules().templates))
def test_every_template_says_whole_sentences_with_and_without_values(
    template: str, language: str
) -> None:
    with translation.override(language), clock.travel_to(NOON):
        for values in (VALUES, {**VALUES, "owner": "", "due_at": ""}):
            for said in (rules.line(template, values), rules.text(template, values)):
                assert said
                assert not set("[]{}") & set(said), said
                assert "  " not in said
        text = rules.text(template, VALUES)
        assert language == "zh-hans" or not text.isascii() or text.endswith(".")


def test_what_is_missing_falls_away_and_moments_are_words() -> None:
    with clock.travel_to(NOON):
        whole = rules.text("matter.received", VALUES)
        bare = rules.text("matter.received", {"reference": "x", "owner": {}, "due_at": ""})
        with translation.override("en"):
            english = rules.text("matter.received", VALUES)
    assert whole == (
        "您反映的事情已收到，现在由一社区 社区工作者办理，3月6日（周五）18:00前给出下一步。"
    )
    assert bare == "您反映的事情已收到。"
    assert "Community worker" in english
    assert "周五" not in english


def test_night_is_night_across_midnight() -> None:
    known = rules.rules()
    assert known.is_quiet(NIGHT)
    assert not known.is_quiet(NOON)
    assert not known.is_quiet(MORNING)
    assert known.awake(NOON) == NOON
    assert known.awake(NIGHT) == known.awake(NIGHT + timedelta(hours=6)) == MORNING


def test_a_district_replaces_what_it_names(tmp_path: Path) -> None:
    own = tmp_path / "notices.yaml"
    own.write_text(
        'quiet: {from: "12:00", to: "14:00"}\n'
        "templates:\n  case.assigned:\n    kind: assigned\n"
        "    zh: {line: 请接, text: 请办}\n    en: {line: Take it, text: Do it}\n",
        encoding="utf-8",
    )
    found = read_rules(_BASE, own)
    assert found.template("case.assigned").words["en"]["line"] == "Take it"
    assert found.template("case.pool").kind == "pool"
    assert found.is_quiet(NOON)
    assert found.awake(NOON) == datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken",
    [
        "templates: {x: {kind: assigned, zh: {line: 一}}}",
        "templates: {x: {kind: nothing, zh: {line: 一, text: 二}, en: {line: a, text: b}}}",
        "templates: {x: {kind: step, zh: {line: 一, text: '[二'}, en: {line: a, text: b}}}",
        'quiet: {from: "25:00"}',
        "quiet: [",
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, broken: str) -> None:
    own = tmp_path / "notices.yaml"
    own.write_text(broken, encoding="utf-8")
    with pytest.raises(RulesBroken, match=r"notices\.yaml"):
        read_rules(_BASE, own)
