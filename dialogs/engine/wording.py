"""The words citizens may use, as customer service wrote them (templates/words.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wording:
    """`titles`: dialog → its name for citizens. `keywords`: word → dialog. `commands`: word →
    command. `options`: "dialog.state" → {value: (label, synonyms…)}, in the order shown.
    `menu`: the dialogs of the numbered menu, first is 1. `retired`: a key of an earlier menu → what
    it means now. `scenes`: the first word of a QR code's scene → dialog."""

    titles: Mapping[str, str]
    keywords: Mapping[str, str]
    commands: Mapping[str, str]
    options: Mapping[str, Mapping[str, tuple[str, ...]]]
    menu: tuple[str, ...]
    retired: Mapping[str, str] = field(default_factory=dict)
    scenes: Mapping[str, str] = field(default_factory=dict)

    def labels(self, where: str) -> tuple[tuple[str, str], ...]:
        """(value, label) of a state's options."""
        return tuple((value, words[0]) for value, words in self.options[where].items())
