"""The world of the engine's tests."""

from __future__ import annotations

import pytest

from gongzhi.procedures.choices import SUBJECTS, Subject, register_subject
from gongzhi.procedures.tests.support import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """A small district with every role held and the shipped procedures loaded."""
    for key in ("matters.matter", "deliberation.topic"):
        if key not in SUBJECTS:
            register_subject(Subject(key, "matters.see", "matters.handle"))
    return build_world()
