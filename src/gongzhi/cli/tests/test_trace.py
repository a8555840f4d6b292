"""The list of requirements, and how the tests of each are summed up."""

from gongzhi.cli.trace import read_requirements, verdict
from gongzhi.config.environment import ROOT


def test_the_list_holds_every_requirement_once() -> None:
    listed = read_requirements(ROOT / "docs" / "requirements.csv")
    assert len(listed) == len({one.id for one in listed}) == 165
    assert {one.priority for one in listed} == {"core", "secondary"}
    assert all(one.summary and one.capabilities for one in listed)


def test_a_requirement_passes_only_when_every_test_of_it_does() -> None:
    assert verdict({}) == "none"
    assert verdict({"a": "passed", "b": "passed"}) == "pass"
    assert verdict({"a": "passed", "b": "failed"}) == "FAIL"
    assert verdict({"a": "skipped"}) == "FAIL"
