"""Run as a program: tables, a small district with its people, and who may call the API there.

Prints their tokens, and the secret of the webhook that goes to the address given.
"""

from __future__ import annotations

import json
import sys

from gongzhi.cli import ready

ROLES = ("grid_worker", "community_worker")


def main(url: str) -> dict[str, str]:
    """Make everything; return the tokens by role, and the secret."""
    ready.set_up()
    ready.migrate()
    # Models can be imported only once Django is set up.
    from gongzhi.interchange.actions import add_endpoint
    from gongzhi.matters.tests import support
    from gongzhi.organisations.tests import support as small

    world = support.build()
    added = add_endpoint(
        actor=small.staff("admin", "system_admin", small.DISTRICT),
        name="市级平台",
        url=url,
        events=["matter.reported", "matter.closed"],
        owner=world.staff["community_secretary"].account or 0,
    )
    tokens = {role: support.token(world.staff[role]) for role in ROLES}
    return {**tokens, "secret": added.secret}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))
