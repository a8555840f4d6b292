"""A definition with its names said in another language; keys, times and rules stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gongzhi.procedures.definition.model import Definition, Field

Say = Callable[[str], str]


def told_by(definition: Definition, say: Say) -> Definition:
    """Return *definition* with every name, label, hint and answer as *say* tells it.

    The source and the basis of times are left: they are kept with cases.
    """
    return replace(
        definition,
        name=say(definition.name),
        public_name=say(definition.public_name),
        stages={
            key: replace(one, name=say(one.name), public_name=say(one.public_name))
            for key, one in definition.stages.items()
        },
        moves=tuple(
            replace(
                one,
                name=say(one.name),
                public_name=say(one.public_name),
                form=tuple(_field(each, say) for each in one.form),
            )
            for one in definition.moves
        ),
        outcomes={
            key: replace(one, name=say(one.name), public_name=say(one.public_name))
            for key, one in definition.outcomes.items()
        },
        recuse=replace(
            definition.recuse,
            reasons={key: say(words) for key, words in definition.recuse.reasons.items()},
        )
        if definition.recuse
        else None,
        fields={key: _field(one, say) for key, one in definition.fields.items()},
    )


def _field(field: Field, say: Say) -> Field:
    return replace(
        field,
        label=say(field.label),
        hint=say(field.hint),
        choices=tuple(replace(one, label=say(one.label)) for one in field.choices),
        columns=tuple(_field(one, say) for one in field.columns),
    )
