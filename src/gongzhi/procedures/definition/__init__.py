"""Procedures as data: read a YAML file, check it, play its scenarios, draw it."""

from gongzhi.procedures.definition.around import Ask, Recuse
from gongzhi.procedures.definition.checking import check
from gongzhi.procedures.definition.directory import Report, check_directory, check_text
from gongzhi.procedures.definition.drawing import Drawing, drawing
from gongzhi.procedures.definition.model import (
    Cancel,
    Choice,
    Clock,
    Definition,
    Due,
    Escalation,
    Field,
    Join,
    Lights,
    Move,
    Objection,
    Outcome,
    Owner,
    Pause,
    Reopen,
    Rule,
    Scenario,
    Span,
    Spawn,
    Stage,
    Step,
)
from gongzhi.procedures.definition.problems import DefinitionInvalid, Problem
from gongzhi.procedures.definition.reading import parse, read
from gongzhi.procedures.definition.rules import Broken, broken_rules
from gongzhi.procedures.definition.scenarios import Player, Walker, play, play_all, steps_to
from gongzhi.procedures.definition.shapes import span_of
from gongzhi.procedures.definition.vocabulary import RoleNames, Vocabulary, read_vocabulary

__all__ = [
    "Ask",
    "Broken",
    "Cancel",
    "Choice",
    "Clock",
    "Definition",
    "DefinitionInvalid",
    "Drawing",
    "Due",
    "Escalation",
    "Field",
    "Join",
    "Lights",
    "Move",
    "Objection",
    "Outcome",
    "Owner",
    "Pause",
    "Player",
    "Problem",
    "Recuse",
    "Reopen",
    "Report",
    "RoleNames",
    "Rule",
    "Scenario",
    "Span",
    "Spawn",
    "Stage",
    "Step",
    "Vocabulary",
    "Walker",
    "broken_rules",
    "check",
    "check_directory",
    "check_text",
    "drawing",
    "parse",
    "play",
    "play_all",
    "read",
    "read_vocabulary",
    "span_of",
    "steps_to",
]
