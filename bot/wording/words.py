"""Reads customer service's TOML files: words.toml, menu.toml, contract.toml. Called at start-up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot import staff_file
from bot.staff_file import StaffFileError
from bot.wording import form
from dialogs.engine.wording import Wording

WHEN_MISSING = "请检查 WATERDESK_TEMPLATES_DIR（或 --folder）"


class WordingError(StaffFileError):
    """A wording file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Contract:
    """Template name → {variable: sample}. A template may use these variables and no others."""

    replies: Mapping[str, Mapping[str, Any]]


def read_toml(path: Path) -> dict[str, Any]:
    return staff_file.read_toml(path, WordingError, when_missing=WHEN_MISSING)


def read_words(folder: Path) -> dict[str, Any]:
    """words.toml as it was written; WordingError names everything that is not of its form."""
    words = read_toml(folder / "words.toml")
    if wrong := list(form.faults(words)):
        raise WordingError(*wrong)
    return words


def read_wording(folder: Path) -> Wording:
    words = read_words(folder)
    if wrong := [*form.twice(words, "keywords"), *form.twice(words, "commands")]:
        raise WordingError(*wrong)
    menu = read_toml(folder / "menu.toml")
    if wrong := list(form.faults_of_keys(menu)):
        raise WordingError(*wrong)
    return replace(
        as_wording(words), retired=menu.get("retired", {}), scenes=menu.get("scenes", {})
    )


def as_wording(words: Mapping[str, Any]) -> Wording:
    """Of words that have their form (`read_words`)."""
    return Wording(
        titles=words["titles"],
        keywords=_by_word(words["keywords"]),
        commands=_by_word(words["commands"]),
        options={
            where: {value: tuple(names) for value, names in options.items()}
            for where, options in words["options"].items()
        },
        menu=tuple(words["numbered_menu"]),
    )


def read_values(folder: Path) -> dict[str, dict[str, str]]:
    """How codes are said: {"role": {"owner": "户主"}, …}. Each table becomes a template filter."""
    values: dict[str, dict[str, str]] = read_words(folder).get("values", {})
    return values


def read_contract(folder: Path) -> Contract:
    contract = read_toml(folder / "contract.toml")
    samples, replies = contract.get("samples", {}), contract.get("replies")
    if not isinstance(replies, dict) or not all(isinstance(one, dict) for one in replies.values()):
        raise WordingError('contract.toml：要有 [replies."业务/步骤"] 表，请找工程师恢复')

    def sample(name: str, value: Any) -> Any:
        if not (isinstance(value, str) and value.startswith("@")):
            return value
        if value[1:] not in samples:
            raise WordingError(
                f'contract.toml：[replies."{name}"] 用到的样例 {value} 不在 [samples] 里，请补上'
            )
        return samples[value[1:]]

    return Contract(
        replies={
            name: {variable: sample(name, value) for variable, value in variables.items()}
            for name, variables in replies.items()
        }
    )


def _by_word(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: target for target, words in table.items() for word in words}
