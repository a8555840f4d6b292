"""Users of the bench: people in posts of many places, each with a token of his own."""

from __future__ import annotations

from dataclasses import dataclass

SCOPES = ["matters.see", "matters.report", "matters.handle", "matters.dispatch", "figures.see"]


@dataclass(frozen=True, slots=True)
class Place:
    """A grid with who works there: tokens of the grid worker and of the community's secretary."""

    grid: str
    worker: int
    worker_token: str
    secretary_token: str


def token(account: int) -> str:
    """Return a fresh token of an account; those of earlier runs are revoked."""
    from gongzhi.organisations.queries import actor_for
    from gongzhi.people.actions import issue_token, revoke_token
    from gongzhi.people.queries import tokens_of

    actor = actor_for(account)
    for old in tokens_of(account):
        revoke_token(actor=actor, token=old.id)
    held = [scope for scope in SCOPES if actor.has(scope)]
    return issue_token(actor=actor, name="bench", scopes=held).raw


def places(wanted: int) -> list[Place]:
    """Return *wanted* grids of as many communities, spread over the district."""
    from gongzhi.areas import queries as areas
    from gongzhi.kernel.codes import LENGTHS
    from gongzhi.organisations.queries import holders

    cut = LENGTHS["community"]
    by_community: dict[str, str] = {}
    for grid in areas.codes_within(areas.districts()[0].code, "grid"):
        by_community.setdefault(grid[:cut], grid)
    grids = list(by_community.values())
    found = []
    for grid in grids[:: max(1, len(grids) // wanted)][:wanted]:
        worker = holders("grid_worker", grid)[0].account
        secretary = holders("community_secretary", grid[:cut])[0].account
        found.append(Place(grid, worker, token(worker), token(secretary)))
    return found


def holder(role: str, area: str) -> str:
    """Return a token of the first who holds *role* at *area*."""
    from gongzhi.organisations.queries import holders

    return token(holders(role, area)[0].account)
