"""A swarm of citizens against the real server: each message once, nothing lost, all in time."""

from tests.load import ledger, swarm
from tests.load.stack import Stack


def test_a_swarm_with_duplicates_and_disorder_is_answered_as_if_each_message_came_once(
    stack: Stack,
) -> None:
    report = swarm.run(stack, swarm.Sizes(citizens=20, turns=20, at_once=10))
    assert report.messages >= 400
    assert report.ways["duplicated"] > 10
    assert report.ways["parallel"] > 5
    assert report.ways["reordered"] + report.ways["crossed"] > 5
    assert any(mind.bound for mind in report.minds.values())
    assert any(mind.failures for mind in report.minds.values())
    assert [*report.problems, *ledger.problems(stack, report)] == []
