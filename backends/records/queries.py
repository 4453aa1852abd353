"""The reading statements of the platform's own database."""

from datetime import datetime

from sqlalchemy import Select, func, select

from backends.ports import Role
from backends.records.tables import binding, citizen, consent, proof_failure


def active_bindings(openid: str) -> Select[*tuple[object, ...]]:
    return (
        select(
            binding.c.openid,
            binding.c.acct_no,
            binding.c.role,
            binding.c.bill_type,
            binding.c.factor,
            binding.c.bound_at,
        )
        .where(binding.c.openid == openid, binding.c.ended_seq == 0)
        .order_by(binding.c.bound_at, binding.c.id)
    )


def other_owners(acct_no: str, other_than: str) -> Select[int]:
    return select(func.count()).where(
        binding.c.acct_no == acct_no,
        binding.c.role == Role.OWNER.value,
        binding.c.openid != other_than,
        binding.c.ended_seq == 0,
    )


def consents(openid: str, purpose: str, version: int) -> Select[int]:
    return select(func.count()).where(
        consent.c.openid == openid, consent.c.purpose == purpose, consent.c.version == version
    )


def failures(openid: str, since: datetime) -> Select[int]:
    return select(func.count()).where(
        proof_failure.c.openid == openid, proof_failure.c.failed_at >= since
    )


def following(openid: str) -> Select[int]:
    return select(func.count()).where(citizen.c.openid == openid, citizen.c.left_at.is_(None))


def probe() -> Select[*tuple[object, ...]]:
    return select(binding).where(binding.c.id == 0)
