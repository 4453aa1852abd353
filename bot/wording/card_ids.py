"""Which template of the account belongs to which card, and whether those of the settings do.

Pure. Enters: cards, and what stands on the account. Leaves: pairs, and what is wrong with them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backends.ports import MessageTemplate
from bot.wording.card_files import CardFile


@dataclass(frozen=True, slots=True)
class Pair:
    """`fits`: the template of the same title and keys. `near`: without one, those of the same
    title or the same keys, for somebody to choose from."""

    card: CardFile
    fits: MessageTemplate | None
    near: tuple[MessageTemplate, ...] = ()


def paired(cards: Iterable[CardFile], templates: Sequence[MessageTemplate]) -> Iterator[Pair]:
    for card in cards:
        like = [one for one in templates if set(one.keys) == set(card.labels)]
        same = [one for one in like if one.title == card.title]
        if same:
            yield Pair(card, same[0])
        else:
            named = [one for one in templates if one.title == card.title]
            yield Pair(card, None, (*named, *like))


def misfits(
    cards: Iterable[CardFile], ids: Mapping[str, str], templates: Sequence[MessageTemplate]
) -> Iterator[str]:
    """What is wrong with `ids`, card → id, and which cards have none."""
    known = {one.template_id: one for one in templates}
    by_name = {card.name: card for card in cards}
    for name, template_id in ids.items():
        card, template = by_name.get(name), known.get(template_id)
        if card is None:
            yield f"there is no card {name} in templates/pushes/"
        elif template is None:
            yield f"{name}: {template_id} is not on the account"
        else:
            yield from _of_keys(card, template)
    if without := sorted(by_name.keys() - ids.keys()):
        yield f"{', '.join(without)}: no template, so by chat only"


def _of_keys(card: CardFile, template: MessageTemplate) -> Iterator[str]:
    if lost := sorted(card.labels.keys() - set(template.keys)):
        yield f"{card.name}: the template has no {', '.join(lost)}, which nobody would see"
    if empty := sorted(set(template.keys) - card.labels.keys()):
        yield f"{card.name}: the card has no {', '.join(empty)}, which would stay empty"
