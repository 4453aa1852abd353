"""The lock against guessing: proofs of account numbers and invitation codes count together.

After so many failures within `Policy.proof_lock` nothing more is tried for that citizen.
"""

from typing import Any

from dialogs.engine.definition import Turn


def failures(turn: Turn) -> int:
    return turn.ask.records.failed_proofs(turn.openid, turn.now - turn.policy.proof_lock)


def locked(turn: Turn, failures: int) -> bool:
    return failures >= turn.policy.proof_failures_allowed


def left(turn: Turn, failures: int) -> int:
    """Tries, once this one has failed too; 0: it is locked now."""
    return max(turn.policy.proof_failures_allowed - failures - 1, 0)


def view(turn: Turn) -> dict[str, Any]:
    hours = int(turn.policy.proof_lock.total_seconds() // 3600)
    return {"hours": hours, "hotline": turn.policy.hotline}
