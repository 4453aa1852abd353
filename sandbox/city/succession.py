"""Writes who held the accounts of a chunk before, and whose real name 实名 is on file."""

from typing import Protocol

import numpy as np

from sandbox.city.draw import Chunk
from sandbox.city.holders import customer_columns
from sandbox.city.numbers import Numbers
from sandbox.city.owners import PERSON, draw_former_owners
from sandbox.city.real_names import claimants, draw_standing, real_name_columns
from sandbox.city.sink import Sink
from sandbox.city.transfers import draw_transfers, former_owners, successors, transfer_columns


class Ids(Protocol):
    def take(self, table: str, count: int) -> int: ...


def write_succession(
    sink: Sink, chunk: Chunk, numbers: Numbers, ids: Ids, rng: np.random.Generator
) -> None:
    transfers = draw_transfers(rng, chunk)
    standing = draw_standing(rng, chunk, transfers)
    former = ids.take("customer", len(transfers)) + np.arange(len(transfers))
    sink.write("customer", customer_columns(former_owners(rng, transfers), former))
    parties = (former, successors(transfers, former, numbers))
    first = ids.take("transfer", len(transfers))
    sink.write("transfer", transfer_columns(rng, chunk, transfers, parties, numbers, first))
    disputed = claimants(standing)
    others = ids.take("customer", len(disputed)) + np.arange(len(disputed))
    strangers = draw_former_owners(rng, np.full(len(disputed), PERSON))
    sink.write("customer", customer_columns(strangers, others))
    count, names = real_name_columns(rng, chunk, standing, transfers, (former, others), numbers)
    rec_id = ids.take("real_name", count) + np.arange(count)
    sink.write("real_name", {"rec_id": rec_id, **names})
