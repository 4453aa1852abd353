"""The reading statements of the platform's own database, built once: building costs as much time
as running them."""

from sqlalchemy import bindparam, func, select

from backends.ports import Role
from backends.records.tables import binding, citizen, consent, proof_failure

ACTIVE_BINDINGS = (
    select(
        binding.c.openid,
        binding.c.acct_no,
        binding.c.role,
        binding.c.bill_type,
        binding.c.factor,
        binding.c.bound_at,
    )
    .where(binding.c.openid == bindparam("openid"), binding.c.ended_seq == 0)
    .order_by(binding.c.bound_at, binding.c.id)
)

OTHER_OWNERS = select(func.count()).where(
    binding.c.acct_no == bindparam("acct_no"),
    binding.c.role == Role.OWNER.value,
    binding.c.openid != bindparam("other_than"),
    binding.c.ended_seq == 0,
)

CONSENTS = select(func.count()).where(
    consent.c.openid == bindparam("openid"),
    consent.c.purpose == bindparam("purpose"),
    consent.c.version == bindparam("version"),
)

FAILED_PROOFS = select(func.count()).where(
    proof_failure.c.openid == bindparam("openid"), proof_failure.c.failed_at >= bindparam("since")
)

FOLLOWING = select(func.count()).where(
    citizen.c.openid == bindparam("openid"), citizen.c.left_at.is_(None)
)

PROBE = select(binding).where(binding.c.id == 0)
"""Names every column of the table and finds no row."""
