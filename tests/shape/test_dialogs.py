"""What must hold for every dialog, whatever it is about."""

from dataclasses import replace

import pytest

from bot.wording.words import Contract
from dialogs import REGISTRY
from dialogs.engine import machine, shape
from dialogs.engine.commands import COMMANDS
from dialogs.engine.definition import Dialog, Exit, Go, Ok, Opening, Step
from dialogs.engine.house import House
from dialogs.engine.readers import choice, text
from tests.shape.conftest import TEMPLATES

DIALOGS = pytest.mark.parametrize("dialog", REGISTRY.values(), ids=REGISTRY)


@DIALOGS
def test_every_state_can_be_reached(dialog: Dialog) -> None:
    assert shape.unreachable(dialog) == set()


@DIALOGS
def test_every_step_leads_to_an_end(dialog: Dialog) -> None:
    assert shape.traps(dialog) == set()


@DIALOGS
def test_every_outcome_leads_to_a_state_of_the_dialog(dialog: Dialog) -> None:
    states = {*dialog.steps, *dialog.ends}
    assert {target for _, _, target in shape.edges(dialog)} <= states
    assert not dialog.steps.keys() & dialog.ends.keys()


@DIALOGS
def test_every_step_can_be_cancelled_and_expire(dialog: Dialog, shipped: House) -> None:
    built = shipped.machines[dialog.name]
    for state in dialog.steps:
        assert machine.fire(built, dialog.name, state, "cancel") == machine.CANCELLED
        assert machine.fire(built, dialog.name, state, "expire") == machine.EXPIRED


@DIALOGS
def test_nothing_leads_on_from_an_end(dialog: Dialog, shipped: House) -> None:
    built = shipped.machines[dialog.name]
    for end in dialog.ends:
        for outcome in built.events:
            with pytest.raises(machine.UndeclaredOutcome):
                machine.fire(built, dialog.name, end, outcome)


@DIALOGS
def test_states_have_names_that_files_and_machines_can_bear(dialog: Dialog) -> None:
    reserved = {machine.OPENING, machine.CANCELLED, machine.EXPIRED}
    for name in (dialog.name, *dialog.steps, *dialog.ends):
        assert name.isascii()
        assert name.isidentifier()
        assert name not in reserved


@DIALOGS
def test_everything_a_dialog_may_say_is_written_and_in_the_contract(
    dialog: Dialog, contract: Contract
) -> None:
    for template, default in shape.templates(dialog):
        candidates = [name for name in (template, default) if name]
        found = [n for n in candidates if (TEMPLATES / "replies" / f"{n}.j2").is_file()]
        assert found, f"write templates/replies/{template}.j2"
        for name in found:
            assert name in contract.replies, f'contract.toml: add [replies."{name}"]'


def test_no_template_is_left_over_that_nobody_says() -> None:
    said = {name for dialog in REGISTRY.values() for name, _ in shape.templates(dialog)}
    folder = TEMPLATES / "replies"
    written = {p.relative_to(folder).as_posix().removesuffix(".j2") for p in folder.rglob("*.j2")}
    own = {name for name in written if not name.startswith(("common/", "notice/", "_"))}
    assert own - said == set()


def test_customer_service_has_written_every_title_option_and_menu_entry(shipped: House) -> None:
    assert shape.missing_words(REGISTRY, shipped.wording) == []


def test_every_dialog_can_be_asked_for_by_a_word(shipped: House) -> None:
    assert set(shipped.wording.keywords.values()) == set(REGISTRY)
    for name, title in shipped.wording.titles.items():
        assert shipped.wording.keywords.get(title) == name, f"the title {title} is a tap target"


def test_no_keyword_is_a_command_too(shipped: House) -> None:
    assert shipped.wording.keywords.keys() & shipped.wording.commands.keys() == set()


def test_no_dialog_is_called_like_a_command() -> None:
    """Menu keys and words name either."""
    assert REGISTRY.keys() & COMMANDS.keys() == set()


def test_no_option_is_a_command_which_would_win(shipped: House) -> None:
    commands = shipped.wording.commands.keys()
    for where, options in shipped.wording.options.items():
        for names in options.values():
            assert not commands & set(names), f'[options."{where}"]'


def test_within_a_step_each_word_means_one_option(shipped: House) -> None:
    for where, options in shipped.wording.options.items():
        words = [word for names in options.values() for word in names]
        assert len(words) == len(set(words)), f'[options."{where}"]'


def test_words_are_written_as_they_are_looked_up(shipped: House) -> None:
    wording = shipped.wording
    options = [
        word for table in wording.options.values() for names in table.values() for word in names
    ]
    for word in (*wording.keywords, *wording.commands, *options):
        assert word == word.lower().replace(" ", ""), word
        assert word.rstrip("。.!?,~") in (word, ""), word


# --- the checks themselves can fail ---------------------------------------------------------------


def anything(*_: object) -> Ok:
    return Ok("")


def step(**leads_to: str) -> Step:
    return Step(reads=text(anything, reasons=()), decide=lambda *_: Go(""), leads_to=leads_to)


SOUND = Dialog(
    name="sound",
    revision=1,
    opens=Opening(lambda *_: Go("first"), {"first": "ask"}),
    steps={"ask": step(fine="done")},
    ends={"done": Exit.COMPLETED},
)


def test_an_island_is_found() -> None:
    island = replace(SOUND, steps={**SOUND.steps, "island": step(fine="done")})
    assert shape.unreachable(SOUND) == set()
    assert shape.unreachable(island) == {"island"}


def test_a_trap_is_found() -> None:
    steps = {
        "ask": step(fine="done", odd="left"),
        "left": step(on="right"),
        "right": step(on="left"),
    }
    assert shape.traps(SOUND) == set()
    assert shape.traps(replace(SOUND, steps=steps)) == {"left", "right"}


def test_missing_and_misordered_words_are_found(shipped: House) -> None:
    asks = Step(reads=choice("yes", "no"), decide=lambda *_: Go(""), leads_to={"fine": "done"})
    dialogs = {"sound": replace(SOUND, steps={"ask": asks})}
    options = {"sound.ask": {"no": ("否",), "yes": ("是",)}}
    wording = replace(shipped.wording, titles={}, keywords={}, menu=("gone",), options=options)
    assert shape.missing_words(dialogs, wording) == [
        "words.toml：[titles] 没有 sound，请写上它的名称",
        "words.toml：没有 gone 这个业务，请改正或删去",
        'words.toml：[options."sound.ask"] 要依次写出 yes、no',
    ]


def test_the_fingerprint_changes_with_whatever_could_lead_somebody_astray() -> None:
    changed = [
        replace(SOUND, steps={"ask": step(fine="done", other="done")}),
        replace(SOUND, ends={"done": Exit.FAILED}),
        replace(SOUND, steps={"ask": replace(step(fine="done"), reads=choice("a", "b"))}),
    ]
    prints = {shape.fingerprint(dialog) for dialog in (SOUND, *changed)}
    assert len(prints) == 4
    assert shape.fingerprint(replace(SOUND, steps={"ask": step(fine="done")})) in prints
