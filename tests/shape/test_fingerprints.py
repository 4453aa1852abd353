"""A dialog cannot change its shape under people in the middle of it without a new revision."""

from dataclasses import replace
from pathlib import Path

import pytest

from dialogs import REGISTRY
from dialogs.engine.definition import Dialog, Exit
from tests.shape import fingerprints


def test_no_dialog_has_changed_without_a_new_revision() -> None:
    assert list(fingerprints.problems(REGISTRY, fingerprints.read())) == []


@pytest.fixture
def arrears() -> Dialog:
    return REGISTRY["arrears"]


@pytest.fixture
def path(tmp_path: Path, arrears: Dialog) -> Path:
    path = tmp_path / "fingerprints.toml"
    assert fingerprints.write({"arrears": arrears}, path) == []
    return path


def changed(dialog: Dialog) -> Dialog:
    return replace(dialog, ends={**dialog.ends, "owed": Exit.FAILED})


def test_what_was_just_written_has_no_problem(path: Path, arrears: Dialog) -> None:
    assert list(fingerprints.problems({"arrears": arrears}, fingerprints.read(path))) == []


def test_a_change_without_a_revision_is_found_and_not_written(path: Path, arrears: Dialog) -> None:
    before = path.read_text()
    (why,) = fingerprints.problems({"arrears": changed(arrears)}, fingerprints.read(path))
    assert f"raise its revision to {arrears.revision + 1}" in why
    assert fingerprints.write({"arrears": changed(arrears)}, path) == [why]
    assert path.read_text() == before


def test_a_change_with_a_revision_asks_for_the_command_and_is_written(
    path: Path, arrears: Dialog
) -> None:
    new = {"arrears": replace(changed(arrears), revision=arrears.revision + 1)}
    (why,) = fingerprints.problems(new, fingerprints.read(path))
    assert fingerprints.COMMAND in why
    assert fingerprints.write(new, path) == []
    assert list(fingerprints.problems(new, fingerprints.read(path))) == []


def test_a_revision_is_never_lowered(path: Path, arrears: Dialog) -> None:
    (why,) = fingerprints.problems(
        {"arrears": replace(arrears, revision=0)}, fingerprints.read(path)
    )
    assert "raise it" in why


def test_new_and_gone_dialogs_are_found(path: Path, arrears: Dialog) -> None:
    found = list(fingerprints.problems({"other": arrears}, fingerprints.read(path)))
    assert [why.split(":")[0] for why in found] == ["other is new", "arrears is gone"]
