"""How an answer is read: a text, or a choice from a list. Each reader says what it may refuse.

Reasons every reader shares (`kind`, `empty`, `too_long`) have words in `common/`; a dialog may
have its own for them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backends.ports import Place
from backends.ports.masking import masked_words
from dialogs.engine.definition import Bad, Choices, Ok, Reader, Turn
from dialogs.engine.inbound import Inbound, Kind
from dialogs.engine.reply import NO_ID
from dialogs.engine.wording import Wording

MAX_TEXT = 200
SHARED_REASONS = ("kind", "empty", "too_long")
_CHINESE_NUMBERS = {word: str(n) for n, word in enumerate("一二三四五六七八九十", start=1)}

_COPIED_LINE = re.compile(r"^(\d{1,2})[.、．]\s*(?=\D)")

Parse = Callable[[str], Ok | Bad]


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """A picture that the citizen has sent: still with WeChat (`turn.ask.photos.take`)."""

    media_id: str


def text(parse: Callable[[Turn, str], Ok | Bad], *, reasons: tuple[str, ...]) -> Reader:
    """A typed (or recognised spoken) answer; `parse` turns it into a value or names a reason."""

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        del wording, where
        typed = _typed(turn.inbound)
        return parse(turn, typed.value) if isinstance(typed, Ok) else typed

    return Reader(wants="text", read=read, reasons=reasons)


def text_or_choice(
    parse: Callable[[Turn, str], Ok | Bad], *options: str, reasons: tuple[str, ...]
) -> Reader:
    """One of a fixed list, or else what `parse` makes of the text."""
    chosen = choice(*options)

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        found = chosen.read(turn, wording, where)
        if isinstance(found, Bad) and found.reason == "choice":
            return parse(turn, turn.inbound.text)
        return found

    return Reader(wants="choice", read=read, reasons=(*chosen.reasons, *reasons), options=options)


def remark(skip: str) -> Reader:
    """Whatever the citizen wants to add, or nothing: the option `skip` reads as ''. Numbers of
    people in it are masked."""
    skipping = choice(skip)

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        skipped = skipping.read(turn, wording, where)
        if isinstance(skipped, Ok):
            return Ok("")
        said = turn.inbound.original or turn.inbound.text
        return Ok(masked_words(said)) if skipped.reason == "choice" else skipped

    return Reader(wants="text", read=read, reasons=skipping.reasons, options=(skip,))


def choice(*options: str) -> Reader:
    """One of a fixed list; labels and synonyms are wording (`words.toml`, [options])."""

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        typed = _typed(turn.inbound)
        if isinstance(typed, Bad):
            return typed
        meant = position(typed.value)
        for number, (value, names) in enumerate(wording.options[where].items(), start=1):
            if number == meant or turn.inbound.word in names:
                return Ok(value)
        return Bad("choice")

    return Reader(wants="choice", read=read, reasons=("choice",), options=options)


def choice_in_words(*options: str) -> Reader:
    """Like `choice`; a sentence that names one of them does too."""
    chosen = choice(*options)

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        exact = chosen.read(turn, wording, where)
        if isinstance(exact, Bad) and exact.reason == "choice":
            named = mentioned(turn.inbound.word, wording.options[where])
            return Ok(named) if named else exact
        return exact

    return Reader(wants="choice", read=read, reasons=chosen.reasons, options=options)


def mentioned(said: str, options: Mapping[str, tuple[str, ...]]) -> str | None:
    """The option that a sentence names: the one with the longest of its words inside."""
    inside = [
        (len(name), value)
        for value, names in options.items()
        for name in names
        if len(name) > 1 and name in said
    ]
    return max(inside, key=lambda found: found[0])[1] if inside else None


def choice_from(choices: Choices) -> Reader:
    """One of a list made from the dialog's data, such as the citizen's accounts. A value without
    a label is a fixed one whose words are wording."""

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        typed = _typed(turn.inbound)
        if isinstance(typed, Bad):
            return typed
        meant = position(typed.value)
        for number, (value, label) in enumerate(choices(turn.data), start=1):
            names = (value, label) if label else wording.options[where][value]
            if number == meant or typed.value in names or turn.inbound.word in names:
                return Ok(value)
        return Bad("choice")

    return Reader(wants="choice", read=read, reasons=("choice",), choices=choices)


def confirm(*options: str) -> Reader:
    """A choice under a summary. Its quick-reply links carry the step's single-use id, so that a
    link from an older summary cannot confirm this one (the conversation refuses it), nor can the
    first link of some other list."""
    chosen = choice(*options)

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        if turn.inbound.menu_id == NO_ID:
            return Bad("choice")
        return chosen.read(turn, wording, where)

    return Reader(
        wants="choice",
        read=read,
        reasons=chosen.reasons,
        options=options,
        confirms=True,
    )


def photo(*options: str, otherwise: Reader | None = None) -> Reader:
    """A picture (`SentPhoto`); or one of a fixed list such as 完成; or what `otherwise` reads."""
    beside = otherwise or (choice(*options) if options else None)
    read_beside = beside.read if beside else None

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        if turn.inbound.kind is Kind.IMAGE:
            return Ok(SentPhoto(turn.inbound.media_id))
        if read_beside is None or turn.inbound.kind not in (Kind.TEXT, Kind.VOICE):
            return Bad("kind")
        return read_beside(turn, wording, where)

    return Reader(
        wants="photo",
        read=read,
        reasons=beside.reasons if beside else (),
        choices=beside.choices if beside else None,
        options=beside.options if beside else (),
    )


def place(
    choices: Choices, parse: Callable[[Turn, str], Ok | Bad], *, reasons: tuple[str, ...]
) -> Reader:
    """Where something is: a location message (`Place`), one of a list (its value), or a typed
    address, which `parse` turns into a `Place` or refuses."""
    listed = choice_from(choices)

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        inbound = turn.inbound
        if inbound.kind is Kind.LOCATION:
            return Ok(Place(inbound.label, inbound.latitude, inbound.longitude))
        chosen = listed.read(turn, wording, where)
        if isinstance(chosen, Ok) or chosen.reason != "choice":
            return chosen
        return parse(turn, inbound.original or inbound.text)

    return Reader(wants="place", read=read, reasons=(*listed.reasons, *reasons), choices=choices)


def _typed(inbound: Inbound) -> Ok | Bad:
    if inbound.kind not in (Kind.TEXT, Kind.VOICE):
        return Bad("kind")
    if not inbound.text:
        return Bad("kind" if inbound.kind is Kind.VOICE else "empty")
    if len(inbound.text) > MAX_TEXT:
        return Bad("too_long")
    return Ok(inbound.text)


def position(answer: str) -> int | None:
    """1, 1. , 第1个, 一 …: the position meant, if it is one. So is a line of the list copied
    whole, such as “2. 只要微信账单”."""
    if copied := _COPIED_LINE.match(answer):
        return int(copied[1])
    bare = answer.strip("第个项号.。、,，()（） ")
    bare = _CHINESE_NUMBERS.get(bare, bare)
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 2 else None
