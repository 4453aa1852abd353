"""Failed proofs of ownership and wrong passwords: each counts once."""

from sqlalchemy import Connection, Table, insert, select

from backends.ports import PasswordFailed, ProofFailed


def count_once(connection: Connection, table: Table, effect: ProofFailed | PasswordFailed) -> None:
    counted = select(table.c.openid).where(
        table.c.openid == effect.openid, table.c.failure_key == effect.key
    )
    if connection.execute(counted).first() is None:
        values = {"openid": effect.openid, "failure_key": effect.key, "failed_at": effect.at}
        connection.execute(insert(table).values(values))
