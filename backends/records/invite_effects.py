"""Invitations 邀请 are made, used once, and revoked."""

from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from backends.errors import Overtaken
from backends.ports import Invite, InviteAccepted, Role
from backends.records.queries import INVITE
from backends.records.tables import binding, invite


def make(connection: Connection, made: Invite) -> None:
    """A code that was another's is as good as none: the dialog makes a new one."""
    known = connection.execute(INVITE, {"fingerprint": made.fingerprint}).first()
    if known is None:
        values = {
            "fingerprint": made.fingerprint,
            "invited_by": made.invited_by,
            "acct_no": made.acct_no,
            "role": made.role.value,
            "made_at": made.made_at,
            "expires_at": made.expires_at,
            "state": made.state,
            "used_by": "",
        }
        connection.execute(insert(invite).values(values))
    elif (known.invited_by, known.acct_no) != (made.invited_by, made.acct_no):
        raise Overtaken("records", "the invitation's code")


def use(connection: Connection, effect: InviteAccepted) -> bool:
    """False for a replay, which changes nothing, whatever has become of the link meanwhile."""
    bound = effect.binding
    fits = (
        invite.c.fingerprint == effect.fingerprint,
        invite.c.acct_no == bound.acct_no,
        invite.c.role == bound.role.value,
        invite.c.invited_by == bound.invited_by,
    )
    used = connection.execute(
        update(invite)
        .where(*fits, invite.c.state == "open", invite.c.expires_at > effect.at, _OWNER_STILL)
        .values(state="used", used_by=effect.openid, used_at=effect.at)
    )
    if used.rowcount > 0:
        return True
    mine = (invite.c.used_by == effect.openid, invite.c.used_at == effect.at)
    if connection.execute(select(invite.c.state).where(*fits, *mine)).first() is None:
        raise Overtaken("records", "the invitation")
    return False


def revoke(connection: Connection, openid: str, at: datetime, *, acct_no: str = "") -> None:
    """Their open ones, of one account or of all."""
    wanted = [invite.c.invited_by == openid, invite.c.state == "open", invite.c.made_at <= at]
    if acct_no:
        wanted.append(invite.c.acct_no == acct_no)
    connection.execute(update(invite).where(*wanted).values(state="revoked"))


_OWNER_STILL = exists().where(
    binding.c.openid == invite.c.invited_by,
    binding.c.acct_no == invite.c.acct_no,
    binding.c.role == Role.OWNER.value,
    binding.c.ended_seq == 0,
)
