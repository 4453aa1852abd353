"""Many citizens talking at random, some of their messages delivered twice, at once or out of order,
every reply held against the model. In: a stack, a seed, sizes. Out: a report with every problem.
"""

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.citizen import Reply
from tests.load.households import iter_households
from tests.load.labels import labels
from tests.load.mind import Expected, Facts, Mind, read_words
from tests.load.model import expect
from tests.load.person import ANSWERED_WITHIN_S, Person
from tests.load.stack import Stack

ANYTIME = (
    *("菜单", "帮助", "取消", "返回", "继续", "查欠费", "绑定户号", "我的户号"),
    *("1", "2", "3", "同意", "今天天气", "9999999999", "王五六七", "绑好了", "确认绑定"),
)


@dataclass(frozen=True)
class Sizes:
    citizens: int
    turns: int
    at_once: int
    seed: int = 1
    duplicated: float = 0.10
    parallel: float = 0.05
    reordered: float = 0.02
    crossed: float = 0.02


@dataclass
class Report:
    """`messages` are distinct ones; `extra` deliveries of them came on top."""

    messages: int = 0
    extra: int = 0
    took_s: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    minds: dict[str, Mind] = field(default_factory=dict)
    ways: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Report") -> None:
        self.messages += other.messages
        self.extra += other.extra
        self.took_s += other.took_s
        self.problems += other.problems
        self.counted += other.counted
        self.minds |= other.minds
        self.ways += other.ways


@dataclass
class Talker:
    person: Person
    facts: Facts
    chance: random.Random
    sizes: Sizes
    mind: Mind = field(default_factory=Mind)
    report: Report = field(default_factory=Report)

    def __post_init__(self) -> None:
        self.words = read_words()

    def talk(self) -> Report:
        while self.report.messages < self.sizes.turns:
            sizes = self.sizes
            shares = (sizes.duplicated, sizes.parallel, sizes.reordered, sizes.crossed)
            ways = ("duplicated", "parallel", "reordered", "crossed", "plain")
            way = self.chance.choices(ways, (*shares, 1 - sum(shares)))[0]
            getattr(self, way)()
        self.report.took_s = self.person.took_s
        late = [took_s for took_s in self.person.took_s if took_s > ANSWERED_WITHIN_S]
        self.report.problems += [f"answered after {took_s:.2f} s" for took_s in late]
        self.report.minds[self.person.openid] = self.mind
        return self.report

    def plain(self) -> None:
        text = self._something()
        self._judge([text], [self.person.deliver(self.person.text(text))])

    def duplicated(self) -> None:
        self.report.ways["duplicated"] += 1
        text = self._something()
        xml = self.person.text(text)
        replies = [self.person.deliver(xml) for _ in range(self.chance.choice((2, 3)))]
        self._same(replies)
        self._judge([text], replies[:1])

    def parallel(self) -> None:
        self.report.ways["parallel"] += 1
        text = self._something()
        xml = self.person.text(text)
        replies = self.person.at_once(*[xml] * self.chance.choice((2, 3)))
        self._same(replies)
        self._judge([text], replies[:1])

    def reordered(self) -> None:
        """The second of two messages comes first."""
        self.report.ways["reordered"] += 1
        held_text, text = self._something(), self._something()
        held = self.person.text(held_text)
        first = self.person.deliver(self.person.text(text))
        self._judge([text, held_text], [first, self.person.deliver(held)])

    def crossed(self) -> None:
        """Two messages at once: either may be first, but never both from the same state."""
        texts = [self._something(), self._something()]
        if self._alike(self._think(texts), self._think(texts[::-1])[::-1]):
            self.reordered()
            return
        self.report.ways["crossed"] += 1
        replies = self.person.at_once(*map(self.person.text, texts))
        if not self._judge(texts, replies, complain=False):
            self._judge(texts[::-1], replies[::-1])

    def _judge(self, texts: list[str], replies: list[Reply], *, complain: bool = True) -> bool:
        turns = self._think(texts)
        for text, turn, reply in zip(texts, turns, replies, strict=True):
            said = labels(reply.plain) if reply.kind == "text" else {reply.kind}
            if reply.status != 200 or said != set(turn.said):
                if complain:
                    self.report.problems.append(
                        f"{self.mind.frame}: {text!r} got {reply.status} {sorted(said)},"
                        f" expected {sorted(set(turn.said))}"
                    )
                    self._go_on(turns)
                return False
        self._go_on(turns)
        return True

    def _think(self, texts: Sequence[str]) -> list[Expected]:
        turns: list[Expected] = []
        for text in texts:
            mind = turns[-1].mind if turns else self.mind
            turns.append(expect(self.words, self.facts, mind, text))
        return turns

    def _alike(self, one: list[Expected], other: list[Expected]) -> bool:
        """The replies would not tell which of two orders it was, and yet they lead elsewhere."""
        same_words = all(set(a.said) == set(b.said) for a, b in zip(one, other, strict=True))
        return same_words and (one[-1].mind, _sum(one)) != (other[0].mind, _sum(other))

    def _go_on(self, turns: Sequence[Expected]) -> None:
        self.mind = turns[-1].mind
        self.report.messages += len(turns)
        for turn in turns:
            self.report.counted += turn.counted

    def _same(self, replies: list[Reply]) -> None:
        self.report.extra += len(replies) - 1
        if len({reply.xml for reply in replies}) != 1:
            self.report.problems.append(f"deliveries of one message: {[r.plain for r in replies]}")

    def _something(self) -> str:
        """Mostly what leads on from here, else anything at all."""
        if self.chance.random() < 0.3:
            return self.chance.choice(ANYTIME)
        frame = self.mind.frame
        if frame is None:
            return self.chance.choice(("绑定户号", "查欠费", "我的户号"))
        if frame.state == "account_no":
            return self.chance.choice([*self.facts.owners])
        if frame.state == "proof":
            right = self.facts.owners.get(frame.asked, "王五六七")
            return right if self.chance.random() < 0.8 else "王五六七"
        return {"consent": "同意", "bill_type": "2", "confirm": "确认绑定"}.get(
            frame.state, self.chance.choice(("1", "2"))
        )


def _sum(turns: Sequence[Expected]) -> Counter[tuple[str, str]]:
    return sum((turn.counted for turn in turns), Counter())


def run(stack: Stack, sizes: Sizes) -> Report:
    households = iter_households(stack)
    talkers = [
        Talker(
            Person(stack, f"oSWARM{number:022d}"),
            next(households),
            random.Random(f"{sizes.seed}:{number}"),
            sizes,
        )
        for number in range(sizes.citizens)
    ]
    report = Report()
    with ThreadPoolExecutor(sizes.at_once) as pool:
        for one in pool.map(Talker.talk, talkers):
            report.add(one)
    return report
