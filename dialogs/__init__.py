"""Conversations: the engine, and one file per dialog. Pure: no Redis, SQL, HTTP, Jinja or clock."""

from dialogs.arrears import ARREARS
from dialogs.bind_account import BIND_ACCOUNT
from dialogs.engine.definition import Dialog
from dialogs.my_accounts import MY_ACCOUNTS

REGISTRY: dict[str, Dialog] = {
    dialog.name: dialog for dialog in (BIND_ACCOUNT, MY_ACCOUNTS, ARREARS)
}
