"""Conversations: the engine, and one file per dialog. Pure: no Redis, SQL, HTTP, Jinja or clock."""

from dialogs.arrears import ARREARS
from dialogs.bind_account import BIND_ACCOUNT
from dialogs.book_visit import BOOK_VISIT
from dialogs.engine.definition import Dialog
from dialogs.my_accounts import MY_ACCOUNTS
from dialogs.progress import PROGRESS
from dialogs.report_fault import REPORT_FAULT
from dialogs.self_reading import SELF_READING

REGISTRY: dict[str, Dialog] = {
    dialog.name: dialog
    for dialog in (
        BIND_ACCOUNT,
        MY_ACCOUNTS,
        ARREARS,
        SELF_READING,
        BOOK_VISIT,
        REPORT_FAULT,
        PROGRESS,
    )
}
