"""Everything wrong with customer service's files, for `waterdesk templates check` and `check`."""

from pathlib import Path

from bot.wording import menu
from bot.wording.templates import TemplateFiles
from bot.wording.words import WordingError, read_contract, read_values, read_wording
from dialogs import REGISTRY
from dialogs.engine import shape


def problems(folder: Path) -> list[str]:
    """One line each, in words for whoever edits the files; empty when all is well."""
    try:
        files = TemplateFiles(folder, read_contract(folder), read_values(folder))
        return [
            *files.problems(),
            *shape.missing_templates(REGISTRY, dict(files.preview())),
            *shape.missing_words(REGISTRY, read_wording(folder)),
            *menu.problems(folder, frozenset(REGISTRY)),
        ]
    except WordingError as error:
        return [str(error)]
    except KeyError as error:
        return [f"a table or entry is missing: {error}"]
