"""Import-linter contract: an app is entered by other apps only through its doors."""

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class PublicDoorContract(Contract):
    """Forbid imports between apps that do not land on a named room.

    The `composers` (they put the system together) may enter anywhere; the `ground` is open to
    all; an app's own tests build their scenes from wherever they need.
    """

    apps_package = fields.StringField()
    doors: Any = fields.ListField(subfield=fields.StringField())
    composers: Any = fields.ListField(subfield=fields.StringField())
    ground = fields.StringField()

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        """Report every direct import that crosses apps beside the doors."""
        root = f"{self.apps_package}."
        broken = []
        for module in sorted(graph.find_descendants(self.apps_package)):
            app, *rooms = module.removeprefix(root).split(".")
            if app in self.composers or "tests" in rooms:
                continue
            broken += [
                f"{module} -> {target}"
                for target in sorted(graph.find_modules_directly_imported_by(module))
                if target.startswith(root) and not self._allowed(app, target.removeprefix(root))
            ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _allowed(self, app: str, target: str) -> bool:
        other, *rooms = target.split(".")
        return other in (app, self.ground) or rooms[:1] in [[door] for door in self.doors]

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each offending import on its own line."""
        for line in check.metadata["broken"]:
            output.print_error(line)
