"""Who acts: an actor holds posts, and each post reaches only as far as its own scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "anonymous", "system", "reporter"]


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A role held now, at an area (code prefix) or in an organisation, never both."""

    id: int
    role: str
    area: str | None
    organisation: int | None
    powers: frozenset[str]
    deputy: bool = False

    def reaches(self, power: str, area: str | None, organisation: int | None) -> bool:
        """Say whether this post alone gives *power* over the given place or organisation."""
        if power not in self.powers:
            return False
        if self.area is not None:
            return area is not None and area.startswith(self.area)
        return organisation is not None and organisation == self.organisation


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a reporter with a secret link, the system, or nobody in particular.

    `scopes` narrows what a token may use; `None` means the whole of the posts' powers.
    """

    kind: ActorKind
    account: int | None
    name: str
    posts: tuple[PostHeld, ...] = ()
    scopes: frozenset[str] | None = None

    @property
    def is_system(self) -> bool:
        """Whether the system itself acts (timers, imports, demo)."""
        return self.kind == "system"

    def _granted(self, power: str) -> bool:
        return self.scopes is None or power in self.scopes

    def has(self, power: str) -> bool:
        """Whether any post gives *power* anywhere."""
        if self.is_system:
            return True
        return self._granted(power) and any(power in post.powers for post in self.posts)

    def may(self, power: str, *, area: str | None = None, organisation: int | None = None) -> bool:
        """Whether one single post gives *power* over this area or organisation."""
        if self.is_system:
            return True
        return self._granted(power) and any(
            post.reaches(power, area, organisation) for post in self.posts
        )

    def areas_for(self, power: str) -> tuple[str, ...]:
        """Return the area prefixes at which *power* holds, widest first, none inside another."""
        if not self._granted(power):
            return ()
        found = sorted({p.area for p in self.posts if p.area and power in p.powers}, key=len)
        kept: list[str] = []
        for code in found:
            if not any(code.startswith(wider) for wider in kept):
                kept.append(code)
        return tuple(kept)

    def organisations_for(self, power: str) -> tuple[int, ...]:
        """Return the organisations in which *power* holds."""
        if not self._granted(power):
            return ()
        found = {p.organisation for p in self.posts if p.organisation and power in p.powers}
        return tuple(sorted(found))

    def post_for(self, power: str, *, area: str | None, organisation: int | None) -> int | None:
        """Return the id of the post under which the actor uses *power* here."""
        for post in self.posts:
            if post.reaches(power, area, organisation):
                return post.id
        return None


ANONYMOUS = Actor(kind="anonymous", account=None, name="")
SYSTEM = Actor(kind="system", account=None, name="系统")
REPORTER = Actor(kind="reporter", account=None, name="反映人")
