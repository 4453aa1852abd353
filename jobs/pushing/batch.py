"""A batch of notices on its way, and how it is divided among threads."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from backends.errors import BackendUnavailable
from backends.ports import Channel, NoticeState
from bot.redis_link import MemoryLost
from jobs.pushing.channels import Course
from jobs.pushing.posting import Letter
from jobs.pushing.sending import Told, not_sent


@dataclass(slots=True)
class Batch:
    """`told`: what was decided without sending. `begun`: of each citizen whose letters are with a
    thread. `settled`: ids of what did not wait for the rest of the batch; `taken_over`: how many of
    them another worker had by then. `lost`: why not all letters were begun."""

    told: list[Told]
    letters: list[Letter]
    begun: list[Future[list[Told]]] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)
    taken_over: int = 0
    lost: MemoryLost | BackendUnavailable | None = None

    def results(self) -> list[Told]:
        """Of all, once the last is out; what was not begun is put back."""
        sent = [one for future in self.begun for one in future.result()]
        tried = {one.claimed.notice_id for one in sent}
        rest = (one.claimed for one in self.letters if one.claimed.notice_id not in tried)
        return [*self.told, *sent, *(not_sent(claimed, "not_tried") for claimed in rest)]


def portions(letters: Sequence[Letter], size: int) -> Iterator[list[list[Letter]]]:
    """Each citizen's letters stay together, in their order; a portion has about so many."""
    chains: dict[str, list[Letter]] = {}
    for letter in letters:
        chains.setdefault(letter.claimed.notice.openid, []).append(letter)
    portion, count = list[list[Letter]](), 0
    for chain in chains.values():
        portion.append(chain)
        count += len(chain)
        if count >= size:
            yield portion
            portion, count = [], 0
    if portion:
        yield portion


def is_text(letter: Letter) -> bool:
    """Whether it is likely to go out by a channel on which WeChat knows no repetition."""
    return not (letter.template_id and letter.granted)


def cannot_be_repeated(told: Told) -> bool:
    """It is read twice should we die before it is settled."""
    settlement = told.settlement
    is_out = settlement.state is not NoticeState.PLANNED
    return is_out and settlement.channel is not Channel.TEMPLATE


def was_used(told: Told) -> bool:
    """Of the day's quota."""
    settlement = told.settlement
    accepted = settlement.state is NoticeState.ACCEPTED and settlement.channel is Channel.TEMPLATE
    return accepted or any(why.course is Course.UNSURE for why in told.refused)
