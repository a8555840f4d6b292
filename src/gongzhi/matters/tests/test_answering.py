"""Which moves answer a matter is said once, in the book of figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gongzhi.matters.queries.drilling import answering


def test_the_district_says_which_moves_answer(settings: Any, tmp_path: Path) -> None:
    answering.cache_clear()
    assert answering() == ("answer",)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "indicators.yaml").write_text("answering: [reply, settle]", "utf-8")
    settings.DISTRICTS, settings.DISTRICT = str(tmp_path), "own"
    answering.cache_clear()
    assert answering() == ("reply", "settle")
    answering.cache_clear()
