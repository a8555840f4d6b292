"""Builds the demonstration's people and matters, through actions only, and names its personas."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from gongzhi.areas import queries as areas
from gongzhi.cli.demo_care import build_care, care_count
from gongzhi.kernel import clock, codes
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM, Actor
from gongzhi.matters import actions as matters
from gongzhi.organisations import actions as organisations
from gongzhi.organisations import queries as organisation_queries
from gongzhi.people import actions as people
from gongzhi.people import queries as people_queries
from gongzhi.procedures import actions as procedures

_SEED = 1102
_FOUNDED_DAYS = 400
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody one can sign in as in the demonstration."""

    username: str
    password: str
    name: str
    post: str


def build_demo(*, progress: Callable[[int, int], None]) -> list[Persona]:
    """Build the demonstration in the loaded district; a second call only names the personas.

    *progress* is told how many of how many records are done.
    """
    plan: dict[str, Any] = yaml.safe_load(
        (Path(settings.DISTRICTS) / "_base" / "demo.yaml").read_text(encoding="utf-8")
    )
    password = _password()
    if not people_queries.account_by_username(plan["personas"][0]["username"]):
        _Builder(plan, password, progress).build()
    return [_persona(one, password) for one in plan["personas"]]


def _password() -> str:
    """Return the password of all personas: made at the first start, kept beside the database."""
    kept = Path(settings.VAR) / "demo-password"
    if not kept.exists():
        kept.write_text(f"gongzhi-{secrets.token_hex(4)}\n", encoding="utf-8")
        kept.chmod(0o600)
    return kept.read_text(encoding="utf-8").strip()


def _persona(one: dict[str, str], password: str) -> Persona:
    account = people_queries.account_by_username(one["username"]) or 0
    actor = organisation_queries.actor_for(account)
    labels = organisation_queries.post_labels(actor)
    return Persona(one["username"], password, one["name"], "、".join(labels))


class _Builder:
    """Builds one district's demonstration; the same seed gives the same people and matters."""

    def __init__(
        self, plan: dict[str, Any], password: str, progress: Callable[[int, int], None]
    ) -> None:
        self.plan = plan
        self.password = password
        self.progress = progress
        self.dice = random.Random(_SEED)  # noqa: S311  # invented people, not secrets
        self.founded = clock.today() - timedelta(days=_FOUNDED_DAYS)
        self.served = areas.districts()[0].code
        self.codes = {
            level: areas.codes_within(self.served, level)
            for level in ("district", "street", "community", "grid")
        }
        self.home = self._home()
        # Where a folder serves a whole city, departments are those of the home's district.
        self.district = self.home["grid"][: codes.LENGTHS["district"]]
        self.done = 0
        self.total = 1

    def _home(self) -> dict[str, str]:
        """Return where the personas work: the first street that has communities with grids."""
        grid = min(self.codes["grid"])
        return {"grid": grid, "community": grid[:12], "street": grid[:9], "district": self.served}

    def build(self) -> None:
        """Build organisations, people and matters."""
        posts = [
            (one["role"], code)
            for one in self.plan["staffing"]
            for code in self.codes[one["level"]]
        ]
        self.total = len(posts) + len(self.plan["matters"]) * _ROUNDS + care_count(self.plan)
        _found(actor=SYSTEM, builder=self)
        _employ(actor=SYSTEM, builder=self, posts=posts)
        for report in self.reports():
            self.live(*report)
            self.step()
        build_care(self)
        procedures.fire_timers(actor=SYSTEM, limit=5000)

    def step(self) -> None:
        """Tell that one more record is done."""
        self.done += 1
        self.progress(min(self.done, self.total), self.total)

    def invented_name(self) -> str:
        """Return an invented name, plainly marked as such."""
        surname = self.dice.choice(self.plan["surnames"])
        return f"{surname}{self.dice.choice(self.plan['given_names'])}（演示）"

    def reports(self) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
        """Yield what is reported, how far it comes, and in which grid: half of it at home."""
        near = [code for code in self.codes["grid"] if code.startswith(self.home["community"])]
        street = [code for code in self.codes["grid"] if code.startswith(self.home["street"])]
        pools = (near, street, self.codes["grid"])
        number = 0
        for turn in range(_ROUNDS):
            for matter in self.plan["matters"]:
                course = self.plan["courses"][number % len(self.plan["courses"])]
                grid = (
                    self.home["grid"]
                    if number % 5 == 0
                    else self.dice.choice(pools[turn % len(pools)])
                )
                yield matter, course, grid
                number += 1

    def live(self, matter: dict[str, Any], course: dict[str, Any], grid: str) -> None:
        """Report one matter some days ago and play its course until now."""
        moment = clock.now() - timedelta(days=course["age"], minutes=self.dice.randrange(30, 600))
        if course["age"] == 0:
            moment = clock.now() - timedelta(minutes=self.dice.randrange(5, 120))
        with clock.travel_to(moment):
            reported = self._report(matter, grid)
        for name in course["walk"]:
            moment = self._later(moment)
            with clock.travel_to(moment):
                self._move(reported.case, name)
        for number, steps in enumerate(course.get("parts", ())):
            for name in steps:
                moment = self._later(moment)
                with clock.travel_to(moment):
                    self._move(self._part(reported.case, number), name)
        if "verdict" in course:
            with clock.travel_to(self._later(moment)):
                matters.give_verdict(
                    actor=ANONYMOUS,
                    reference=reported.reference,
                    secret=reported.secret,
                    solved="dis" not in course["verdict"],
                    satisfaction=course["verdict"],
                    words="",
                )

    def _part(self, case: int, number: int) -> int:
        """Return the part of a case that was opened at this place of the list."""
        from gongzhi.procedures import queries
        from gongzhi.procedures.queries.children import children_of

        return children_of(SYSTEM, queries.case_state(case))[number].id

    def _later(self, moment: datetime) -> datetime:
        return min(moment + timedelta(hours=self.dice.randrange(2, 20)), clock.now())

    def _report(self, matter: dict[str, Any], grid: str) -> Any:
        point = areas.centre_of(grid)
        return matters.report_matter(
            actor=ANONYMOUS,
            report=matters.NewMatter(
                words=matter["words"],
                category=matter["category"],
                area=grid,
                lon=point[0] if point else None,
                lat=point[1] if point else None,
                place_text=matter["place"],
                channel="web",
                name=self.invented_name(),
                phone=f"1990000{self.dice.randrange(10_000):04d}",
            ),
        )

    def _move(self, case: int, move: str) -> None:
        """Let whoever holds the case make the move, as that person."""
        from gongzhi.procedures import queries

        state = queries.case_state(case)
        actor = self._holder(state.holdings[0].owner)
        procedures.move_case(actor=actor, case=case, move=move, data=self._answers(move))

    def _holder(self, owner: str) -> Actor:
        if owner.startswith("org:"):
            held = organisation_queries.holders_in([int(owner[4:])])
        else:
            role, _, area = owner.partition("@")
            held = organisation_queries.holders(role, area)
        return organisation_queries.actor_for(held[0].account)

    def _answers(self, move: str) -> dict[str, Any]:
        words = self.plan["answers"]
        if move == "dispatch":
            lead = self._department(self.plan["departments"][0]["code"])
            return {"lead_organisation": lead, "instruction": words["beyond"]}
        if move == "whistle":
            summoned = [self._department(code) for code in self.plan["summoned"]]
            return {**words["whistle"], "summoned": summoned}
        known: dict[str, dict[str, Any]] = {
            "answer": {"result": "solved", "answer": words["solved"]},
            "arrive": {"arrived": words["arrived"]},
            "finish": {"whistle_result": "solved", "answer": words["solved"]},
            "rate": {"whistle_rating": "good"},
        }
        return known.get(move, {"pass_reason": words["beyond"]})

    def _department(self, code: str) -> int | None:
        return organisation_queries.organisation_by_code(code)


@action
def _found(*, actor: Actor, builder: _Builder) -> None:
    """Found the committees at every level, the departments and the property companies."""
    above: dict[str, int] = {}
    for one in builder.plan["committees"]:
        for code in builder.codes[one["level"]]:
            parents = [above[code[:n]] for n in (9, 6) if code[:n] in above and len(code) > n]
            above[code] = organisations.establish_organisation(
                actor=actor,
                new=organisations.NewOrganisation(
                    kind=one["kind"],
                    name=f"{areas.get_area(code).name}{one['name']}",
                    area=code,
                    parent=parents[0] if parents else None,
                    valid_from=builder.founded,
                ),
            )
    name = areas.get_area(builder.district).name
    for kind, group in (("department", "departments"), ("property_company", "property_companies")):
        for one in builder.plan[group]:
            title = f"{name}{one['name']}" if kind == "department" else one["name"]
            organisations.establish_organisation(
                actor=actor,
                new=organisations.NewOrganisation(
                    kind=kind,
                    name=title,
                    area=builder.district,
                    code=one["code"],
                    valid_from=builder.founded,
                ),
            )


@action
def _employ(*, actor: Actor, builder: _Builder, posts: list[tuple[str, str]]) -> None:
    """Open an account for every post, the personas' first, and give the post."""
    taken: set[tuple[str, str]] = set()
    for one in builder.plan["personas"]:
        place = builder.home.get(one.get("at", ""))
        account = _open(actor, builder, one["username"], one["name"], place, builder.password)
        inside = organisation_queries.organisation_by_code(one["in"]) if "in" in one else None
        _give(actor, builder, account, one["role"], place, inside)
        taken.add((one["role"], place or ""))
    for number, (role, code) in enumerate(posts):
        if (role, code) not in taken:
            account = _open(actor, builder, f"demo{number:05d}", builder.invented_name(), code, "")
            _give(actor, builder, account, role, code, None)
        builder.step()


def _open(
    actor: Actor, builder: _Builder, username: str, name: str, place: str | None, password: str
) -> int:
    new = people.NewAccount(
        username=username,
        area=place or builder.district,
        display_name=name,
        is_staff_member=True,
        password=password,
        is_demo=True,
    )
    return people.open_account(actor=actor, new=new)


def _give(
    actor: Actor, builder: _Builder, account: int, role: str, place: str | None, inside: int | None
) -> None:
    post = organisations.NewPost(
        account=account,
        role=role,
        area=None if inside else place,
        organisation=inside,
        valid_from=builder.founded,
    )
    organisations.add_post(actor=actor, post=post)
