"""Posts reach as far as their own scope and never widen each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel.actor import ANONYMOUS, SYSTEM, Actor, PostHeld

CODES = st.sampled_from(["320613", "320613001", "320613002", "320613001001", "320613001001001"])
POWERS = st.sampled_from(["matters.see", "matters.handle", "people.see"])
POSTS = st.lists(
    st.one_of(
        st.builds(
            PostHeld, st.integers(1, 9), st.just("r"), CODES, st.none(), st.frozensets(POWERS)
        ),
        st.builds(
            PostHeld,
            st.integers(1, 9),
            st.just("r"),
            st.none(),
            st.integers(1, 3),
            st.frozensets(POWERS),
        ),
    ),
    max_size=4,
).map(tuple)


@given(POSTS, POWERS, CODES, st.one_of(st.none(), st.integers(1, 3)))
def test_many_posts_allow_exactly_what_each_allows_alone(
    posts: tuple[PostHeld, ...], power: str, area: str, organisation: int | None
) -> None:
    together = Actor("person", 1, "", posts).may(power, area=area, organisation=organisation)
    alone = any(
        Actor("person", 1, "", (post,)).may(power, area=area, organisation=organisation)
        for post in posts
    )
    assert together == alone


@given(POSTS, POWERS)
def test_a_token_narrows_and_never_widens(posts: tuple[PostHeld, ...], power: str) -> None:
    whole = Actor("person", 1, "", posts)
    narrowed = Actor("person", 1, "", posts, scopes=frozenset({power}))
    other = Actor("person", 1, "", posts, scopes=frozenset({"other"}))
    assert narrowed.has(power) == whole.has(power)
    assert not other.has(power)
    assert other.areas_for(power) == ()


@given(POSTS, POWERS)
def test_areas_hold_no_area_twice(posts: tuple[PostHeld, ...], power: str) -> None:
    areas = Actor("person", 1, "", posts).areas_for(power)
    assert not any(a != b and a.startswith(b) for a in areas for b in areas)
    assert len(set(areas)) == len(areas)


def test_nobody_may_nothing_and_the_system_everything() -> None:
    assert not ANONYMOUS.has("matters.see")
    assert SYSTEM.may("matters.see", area="32")
