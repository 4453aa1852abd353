"""Reads customer service's TOML files: words.toml, menu.toml, contract.toml. Called at start-up."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from dialogs.engine.wording import Wording


class WordingError(Exception):
    """A wording file that cannot be used; says which, and what to change."""


@dataclass(frozen=True, slots=True)
class Contract:
    """Template name → {variable: sample}. A template may use these variables and no others."""

    replies: Mapping[str, Mapping[str, Any]]


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise WordingError(f"{path}: not found; is TEMPLATES_DIR right?") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WordingError(f"{path}: {error}; mend that line") from error


def read_wording(folder: Path) -> Wording:
    words = read_toml(folder / "words.toml")
    return Wording(
        titles=words["titles"],
        keywords=_by_word(words["keywords"], "keywords"),
        commands=_by_word(words["commands"], "commands"),
        options={
            where: {value: tuple(names) for value, names in options.items()}
            for where, options in words["options"].items()
        },
        menu=tuple(words["menu"]),
    )


def read_values(folder: Path) -> dict[str, dict[str, str]]:
    """How codes are said: {"role": {"owner": "户主"}, …}. Each table becomes a template filter."""
    values: dict[str, dict[str, str]] = read_toml(folder / "words.toml").get("values", {})
    return values


def read_contract(folder: Path) -> Contract:
    contract = read_toml(folder / "contract.toml")
    samples = contract.get("samples", {})

    def sample(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("@"):
            return samples[value[1:]]
        return value

    return Contract(
        replies={
            name: {variable: sample(value) for variable, value in variables.items()}
            for name, variables in contract["replies"].items()
        }
    )


def _by_word(table: Mapping[str, list[str]], what: str) -> dict[str, str]:
    by_word: dict[str, str] = {}
    for target, words in table.items():
        for word in words:
            if by_word.setdefault(word, target) != target:
                raise WordingError(
                    f"words.toml: {word!r} stands twice in [{what}] ({by_word[word]}, {target}); "
                    "a word can mean one thing only"
                )
    return by_word
