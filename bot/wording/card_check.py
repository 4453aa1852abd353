"""What would go wrong with a card whose form is right: each value is filled in with samples and
brought into the form of its key. Called by `cards` before a file is taken up, and by `check`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot.wording import card_files, faults, unseen
from bot.wording.card_fields import fit, form_of
from bot.wording.card_files import MOST_CARDS, CardFile, CardFileError
from bot.wording.environment import UNUSABLE, Environments
from bot.wording.faults import Fault, What
from bot.wording.words import Contract

RULES = {
    "character_string": "只能是32个以内的数字、字母和符号，不能有汉字",
    "letter": "只能是32个以内的字母",
    "number": "只能是数字，可以带小数，不带单位",
    "amount": "要写成 75.60元，最多10位数字",
    "time": "要写成 2026年12月10日 23:59，一段时间用 ~ 连接",
    "date": "要写成 2026年12月10日，一段时间用 ~ 连接",
    "phone_number": "最多17位数字和符号",
    "phrase": "最多5个汉字",
    "symbol": "最多5个符号",
    "car_number": "要写成车牌号",
    "const": "要写成模板里的选项，20个字以内",
}
_FILTER = re.compile(r"\|\s*(\w+)")


class CardCheck:
    """`values`: as for the replies."""

    def __init__(self, contract: Contract, values: Mapping[str, Mapping[str, str]]) -> None:
        self._contract = contract
        self._values = values
        self._environments = Environments(values)

    def problems(self, folder: Path) -> Iterator[str]:
        """Everything wrong with the files as they lie there now."""
        paths, first = card_files.paths(folder), dict[str, str]()
        if len(paths) > MOST_CARDS:
            yield f"pushes：公众号最多 {MOST_CARDS} 个模板，这里有 {len(paths)} 张卡片"
        for path in paths:
            try:
                card = card_files.read(path)
            except CardFileError as error:
                yield from error.problems
                continue
            yield from self.faults(card)
            for kind in card.layouts:
                if (other := first.setdefault(kind, card.name)) != card.name:
                    at = card.places.of("kinds", kind)
                    yield f"{at}：{kind} 在 pushes/{other}.toml 里已有，请删去一处"

    def faults(self, card: CardFile) -> Iterator[str]:
        """Of one that has its form. What many kinds share is named once."""
        shared: dict[tuple[str, str, Fault], dict[str, Fault]] = {}
        for kind, layout in card.layouts.items():
            samples = self._contract.replies.get(f"notice/{kind}")
            if samples is None:
                at = card.places.of("kinds", kind)
                yield f"{at}：contract.toml 里没有 notice/{kind}，请找工程师登记"
                continue
            for key, fault in self._of_fields(layout.fields, samples):
                shared.setdefault((layout.places[key], key, fault), {})[kind] = fault
        for (at, key, fault), of_kinds in shared.items():
            usable = [one.usable for one in of_kinds.values()]
            common = tuple(name for name in usable[0] if all(name in one for one in usable))
            why = replace(fault, usable=common).in_chinese()
            yield f"{at}：{_named(list(of_kinds))} 的 {key}（{card.labels[key]}）：{why}"

    def _of_fields(
        self, fields: Mapping[str, str], samples: Mapping[str, object]
    ) -> Iterator[tuple[str, Fault]]:
        environment = self._environments.of(fields)
        for key, source in fields.items():
            try:
                said = environment.get_template(key).render(samples)
            except UNUSABLE as error:
                # The line of the file is what counts, not that of the value.
                yield key, replace(faults.of(error, samples), line=None)
            else:
                if fault := unseen.fault(source, environment, samples):
                    yield key, replace(fault, line=None)
                yield from ((key, fault) for fault in _misfits(key, source, said))
            yield from ((key, fault) for fault in self._misfits_of_tables(key, source))

    def _misfits_of_tables(self, key: str, source: str) -> Iterator[Fault]:
        """A sample has one word of a table, citizens get them all."""
        if form_of(key) != "phrase":
            return
        for table in _FILTER.findall(source):
            for code, said in self._values.get(table, {}).items():
                if not _fits(key, said):
                    where = f"words.toml [values.{table}] {code} = “{said}”"
                    yield Fault(What.AS_SAID, f"{where}放不下，{RULES['phrase']}")


def _named(kinds: list[str]) -> str:
    return kinds[0] if len(kinds) == 1 else f"{kinds[0]} 等{len(kinds)}种通知"


def _misfits(key: str, source: str, said: str) -> Iterator[Fault]:
    if fault := faults.braces(said):
        yield fault
    elif "<" in said:
        yield Fault(What.AS_SAID, "卡片里不能有链接")
    elif not _fits(key, said):
        yield Fault(What.AS_SAID, f"“{said}”放不下，{RULES[form_of(key) or '']}")
    elif "{" not in source and fit(key, said) != said:
        cut = f"“{said}”太长，市民看到的是“{fit(key, said)}”，请改短"
        yield Fault(What.AS_SAID, cut)


def _fits(key: str, said: str) -> bool:
    try:
        fit(key, said)
    except ValueError:
        return False
    return True
