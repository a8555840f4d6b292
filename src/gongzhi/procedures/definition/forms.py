"""Readers of fields, forms and the shares that a form's numbers must reach."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from gongzhi.procedures.definition.asides import Asides
from gongzhi.procedures.definition.model import FIELD_TYPES, Choice, Field, Rule
from gongzhi.procedures.definition.nodes import Node
from gongzhi.procedures.definition.problems import Problem
from gongzhi.procedures.definition.shapes import KEY

_FIELD_KEYS = frozenset(
    {"label", "type", "required", "choices", "public", "hint", "kinds", "maximum", "columns"}
)
_SHARE = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")
_ORGANISATION_TYPES = frozenset({"organisation", "organisations"})


class Forms(Asides):
    """Adds the reading of forms to the reading of shapes."""

    def declare(self, entries: Mapping[str, Node]) -> None:
        """Read a `fields:` section; what it declares may be used in forms by name."""
        for key, node in entries.items():
            if not KEY.fullmatch(key):
                self.wrong(node, f"字段编号 {key} 写法不对", "用小写字母、数字和下划线")
                continue
            self.fields[key] = self.field(key, node)

    def field(self, key: str, node: Node) -> Field:
        """One field: a mapping, or only its label for a line of text."""
        if node.mapping is None:
            return Field(key=key, label=self.text(node, "字段名称", longest=60) or key)
        entries = node.mapping
        self.known(node, entries, _FIELD_KEYS)
        kind = self.text(entries.get("type"), "字段类型") or "text"
        known = next((name for name in FIELD_TYPES if name == kind), None)
        if known is None:
            mend = f"可用：{'、'.join(FIELD_TYPES)}"
            self.wrong(entries.get("type", node), f"不认识的字段类型 {kind}", mend)
            known = "text"
        choices = self.choices(entries.get("choices"))
        if (known == "choice") != bool(choices):
            mend = "选择字段写上 choices，其他字段去掉 choices"
            self.wrong(node, f"字段 {key} 的类型和选项对不上", mend)
        columns = self._columns(key, entries.get("columns"))
        if (known == "rows") != bool(columns):
            mend = "多行字段写上 columns，其他字段去掉 columns"
            self.wrong(node, f"字段 {key} 的类型和 columns 对不上", mend)
        kinds = self.names(entries.get("kinds"), "组织类型")
        if kinds and known not in _ORGANISATION_TYPES:
            self.wrong(node, f"字段 {key} 不是组织，不能写 kinds")
        return Field(
            key=key,
            label=self.text(entries.get("label"), "字段名称", longest=60) or key,
            type=known,
            required=self.flag(entries.get("required"), "required"),
            choices=choices,
            public=self.flag(entries.get("public"), "public"),
            hint=self.text(entries.get("hint"), "提示"),
            kinds=kinds,
            maximum=self.number(entries["maximum"], "maximum") if "maximum" in entries else None,
            columns=columns,
        )

    def _columns(self, key: str, node: Node | None) -> tuple[Field, ...]:
        """What every row asks, written as a form is; a row holds no rows."""
        if node is None or node.is_null:
            return ()
        columns = self.form(node)
        for column in columns:
            if column.type in ("rows", "files"):
                self.wrong(node, f"字段 {key} 的一行里不能有 {column.type}", "换一种字段类型")
        return columns

    def choices(self, node: Node | None) -> tuple[Choice, ...]:
        """`{key: label}`, or a list of labels that are their own keys."""
        if node is None or node.is_null:
            return ()
        if node.mapping is not None:
            pairs = [(key, self.text(child, "选项")) for key, child in node.mapping.items()]
        else:
            words = [self.text(item, "选项") for item in self.items(node)]
            pairs = [(word, word) for word in words]
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            self.wrong(node, "选项有重复", "留下一个")
        return tuple(Choice(key, label or key) for key, label in pairs if key)

    def form(self, node: Node | None) -> tuple[Field, ...]:
        """`[summary!, stakeholders]`: names of declared fields, `!` where an answer is needed."""
        if node is None:
            return ()
        fields: dict[str, Field] = {}
        for item in self.items(node):
            found = self._asked(item)
            if found is None:
                continue
            if found.key in fields:
                self.wrong(item, f"字段 {found.key} 在表单里写了两次", "留下一个")
            fields[found.key] = found
        return tuple(fields.values())

    def _asked(self, item: Node) -> Field | None:
        if item.mapping is not None:
            entries = dict(item.mapping)
            key = self.text(entries.pop("key", None), "字段编号")
            if not KEY.fullmatch(key):
                self.wrong(item, "字段没有编号", "加上 key: 小写字母编号")
                return None
            return self.field(key, Node(entries, item.file, item.line))
        words = self.text(item, "字段", longest=80)
        key, required = words.removesuffix("!").strip(), words.endswith("!")
        known = self.fields.get(key)
        if known is None:
            self.problems.append(
                Problem(item.file, item.line, f"没有字段 {key}", "在 fields: 里写上它，或改正名称")
            )
            return None
        return replace(known, required=True) if required else known

    def rules(self, node: Node | None, form: tuple[Field, ...]) -> tuple[Rule, ...]:
        """`[{share: attended, of: entitled, at_least: 2/3}]` (or `more_than: 1/2`)."""
        if node is None:
            return ()
        asked = {field.key: field for field in form}
        rules = [self._rule(item, asked) for item in self.items(node)]
        return tuple(rule for rule in rules if rule)

    def _rule(self, item: Node, form: Mapping[str, Field]) -> Rule | None:
        entries = self.entries(item, "rules")
        self.known(item, entries, {"share", "of", "at_least", "more_than"})
        part = self.text(entries.get("share"), "share")
        whole = self.text(entries.get("of"), "of")
        strict = "more_than" in entries
        if strict == ("at_least" in entries):
            self.wrong(item, "要写 at_least 或 more_than 中的一个", "写成 at_least: 2/3")
            return None
        match = _SHARE.fullmatch(self.text(entries["more_than" if strict else "at_least"], "比例"))
        if match is None or int(match[2]) == 0 or int(match[1]) > int(match[2]):
            self.wrong(item, "比例写法不对", "写成 2/3 或 1/2")
            return None
        for key in (part, whole):
            if key not in form or form[key].type != "integer" or not form[key].required:
                self.wrong(item, f"{key} 不是这张表单必填的整数", "加到 form 里，写 ! 号")
                return None
        return Rule(part, whole, int(match[1]), int(match[2]), strict)
