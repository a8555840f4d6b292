"""Repeated reports, whistles and the backlog of days gone by: counted, and opened as lists."""

from __future__ import annotations

from typing import Any

import pytest

from gongzhi.indicators.queries import View, period_of, view_for
from gongzhi.indicators.tests import support as given
from gongzhi.indicators.tests.support import tally
from gongzhi.indicators.tests.test_pages import listed, seen, worth
from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM
from gongzhi.matters.actions import Contact, follow_matter, merge_matters, split_off
from gongzhi.matters.models import Matter
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import move_case
from gongzhi.procedures.models import Case
from gongzhi.procedures.queries.children import children_of
from gongzhi.procedures.tests.support import World


def _merge(world: World, one: Any, into: Any) -> None:
    worker = world.staff["grid_worker"]
    merge_matters(actor=worker, reference=one.reference, main=into.reference)


def _outcome(found: Any) -> tuple[str, str]:
    return Case.objects.values_list("outcome", "outcome_kind").get(pk=found.case)


def test_a_merged_matter_ends_as_merged_and_counts_as_nothing_else(world: World) -> None:
    main, double = given.report(), given.report(words="消防通道又停满了")
    with given.at(0.1):
        _merge(world, double, main)
    assert _outcome(double) == ("merged", "cancelled")
    told = procedures.timeline(procedures.case_state(double.case))
    assert "并入另一件" in [one.text for one in told]
    assert main.reference in str([said.words for one in told for said in one.said])
    given.catch_up()
    assert [tally(one) for one in ("received", "merged", "ended")] == [2, 1, 1]
    counted = ("closed", "cancelled", "declined", "excluded", "verdicts", "responded")
    assert [tally(one) for one in counted] == [0] * len(counted)
    with given.at(0.2):
        split_off(actor=world.staff["grid_worker"], reference=double.reference)
    assert Case.objects.get(pk=double.case).status == "open"
    given.catch_up()
    assert [tally(one) for one in ("merged", "ended")] == [0, 0]


def test_repeated_reports_count_followers_too(world: World) -> None:
    main, double, other = given.report(), given.report(words="又停满了"), given.report(words="别的")
    with given.at(0.1):
        _merge(world, double, main)
        for number in range(2):
            contact = Contact(words=f"我也反映{number}")
            follow_matter(actor=ANONYMOUS, reference=main.reference, contact=contact)
    view = seen(world)
    repeated = worth(view, "repeated")
    assert repeated.n == 5  # three reports and two who followed
    assert repeated.value == pytest.approx(3 / 5)
    assert worth(view, "merged").value == 1
    clerk = world.staff["district_clerk"]
    with given.at(2):
        assert listed(clerk, repeated.list) == 2  # the one that was merged, and the one followed
        assert listed(clerk, worth(view, "merged").list) == 1
    assert Matter.objects.count() == 3
    assert other.reference


def test_whistles_open_into_the_matters_they_were_for(world: World) -> None:
    blown, quiet = given.report(), given.report(words="安静的事")
    for who in ("grid_worker", "community_worker"):
        given.move(world.staff[who], blown, "pass_up", 0.1, pass_reason="要部门到场")
    given.move(
        world.staff["street_officer"], blown, "whistle", 0.2, whistle_kind="emergency",
        summoned=world.departments, scene="北门", whistle_request="请来",
    )  # fmt: skip
    with given.at(0.21):
        for child in children_of(SYSTEM, procedures.case_state(blown.case)):
            _arrive(world, child)
    view = seen(world)
    whistles = worth(view, "whistles")
    assert (whistles.n, whistles.value) == (3, 1.0)
    with given.at(2):
        assert listed(world.staff["district_clerk"], whistles.list) == 1
    assert quiet.reference


def _arrive(world: World, child: Any) -> None:
    holder = world.liaisons[int(child.holdings[0].owner[4:])]
    move_case(actor=holder, case=child.id, move="arrive", data={"arrived": "到了"})


def _seen_at(world: World, days: float) -> View:
    with given.at(days):
        return view_for(world.staff["district_clerk"], "", period_of("day"))


def test_the_backlog_of_days_gone_by_is_what_stood_open_then(world: World) -> None:
    given.solved(world, -6)
    left = given.report(-5)
    double = given.report(-4, words="又停满了")
    with given.at(-2):
        _merge(world, double, left)
    given.answer(world, left, -1.5)
    given.rate(world, left, -1)
    given.report(-0.5, category="noise")
    given.catch_up()
    view = _seen_at(world, 0)
    ends = dict(zip(view.period.starts, view.open_at_ends, strict=True))
    # The same, counted from the cases themselves.
    cases = list(Case.objects.values_list("opened_at", "closed_at"))
    for day, shown in ends.items():
        stood = [
            1
            for opened, closed in cases
            if clock.local(opened).date() <= day
            and (closed is None or clock.local(closed).date() > day)
        ]
        assert shown == len(stood), day
    earlier = _seen_at(world, 0.01)
    assert earlier.open_at_ends == view.open_at_ends


def test_the_backlog_of_an_earlier_period_is_reckoned_back_from_now(world: World) -> None:
    given.solved(world, -20)
    given.report(-19)
    given.report(0)
    given.catch_up()
    with given.at(0):
        week = period_of("week")
        before = period_of("week", week.previous.isoformat())
        clerk = world.staff["district_clerk"]
        assert view_for(clerk, "", before).open_at_ends[-1] == 1
        assert view_for(clerk, "", week).open_at_ends[-1] == 2
        noise = view_for(clerk, "", week, "noise")
        assert noise.open_at_ends[-1] == 0
