"""Whether the words of words.toml can be said and understood: each in the form that messages are
compared in, none hidden behind another, every code with its name. Called by `check`."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from backends.ports import BillType, Role, SubmissionKind, SubmissionState
from bot.inbound import normal
from bot.wording.filters import all_filters
from dialogs.complaint import TOPICS
from dialogs.engine.commands import COMMANDS
from dialogs.engine.inbound import Inbound, Kind
from dialogs.engine.readers import position
from dialogs.faults.fault_types import FAULT_TYPES
from dialogs.information.swindles import SIGNS

# Of the hotline: docs/contracts/hotline.yaml.
TICKET_STATES = (
    *("new", "assigned", "on_way", "working"),
    *("done", "closed", "returned", "cancelled"),
)
# Of CSMS: docs/contracts/csms.md.
CODES = {
    "role": tuple(Role),
    "bill_type": tuple(BillType),
    "use_class": ("RES", "RES_COMBINED", "NONRES", "SPECIAL"),
    "fee_item": ("WATER", "SEWAGE", "RESOURCE", "REFUSE"),
    "payment_state": ("paid", "refunded", "reversed"),
    "fault": tuple(FAULT_TYPES),
    "fault_promise": tuple(FAULT_TYPES),
    "fault_hint": tuple(FAULT_TYPES),
    "meter_side": ("before", "after", "unknown"),
    "submission_kind": tuple(SubmissionKind),
    "submission_state": tuple(SubmissionState),
    "cancel_reason": ("sold", "tenant_left", "wrong_account", "privacy", "other"),
    "return_reason": (
        *("blurred", "incomplete", "address_mismatch", "name_mismatch"),
        *("arrears", "barcode", "other"),
    ),
    "topic": TOPICS,
    "reply_state": TICKET_STATES,
    "ticket_state": TICKET_STATES,
    "swindle_sign": tuple(SIGNS),
    "account_status": ("new", "active", "suspended", "stopped_arrears", "closed"),
}


def faults(words: Mapping[str, Any]) -> Iterator[str]:
    """Of words that have their form (`form.faults`)."""
    for look in (_spelling, _commands, _hidden, _options, _titles, _numbered_menu, _values):
        yield from (f"words.toml：{why}" for why in look(words))


def heard(words: Mapping[str, Any]) -> frozenset[str]:
    """Every word that is understood somewhere."""
    lists = [*words["keywords"].values(), *words["commands"].values()]
    lists += [names for options in words["options"].values() for names in options.values()]
    return frozenset({*words["titles"].values(), *(word for names in lists for word in names)})


def spelled(word: str) -> str:
    """`word` as it is looked up when a citizen has sent it."""
    at = datetime.fromtimestamp(0, UTC)
    return Inbound("", "", "", Kind.TEXT, at, text=normal(word)).word


def _spelling(words: Mapping[str, Any]) -> Iterator[str]:
    for table in ("keywords", "commands"):
        for name, listed in words[table].items():
            yield from _misspelled(f"[{table}] {name}", listed)
    for where, options in words["options"].items():
        for value, (label, *synonyms) in options.items():
            # The label is shown as it is written; what counts is that it can be typed.
            to_check = synonyms if spelled(label) in synonyms else [label, *synonyms]
            yield from _misspelled(f'[options."{where}"] {value}', to_check)


def _misspelled(where: str, listed: list[str]) -> Iterator[str]:
    for word in listed:
        if (right := spelled(word)) != word:
            yield f"{where} 的“{word}”永远对不上，请写成“{right}”"


def _commands(words: Mapping[str, Any]) -> Iterator[str]:
    for name in words["commands"]:
        if name not in COMMANDS:
            yield f"[commands] 没有 {name} 这个命令，能用的是 {'、'.join(COMMANDS)}"
    for name in COMMANDS:
        if name not in words["commands"]:
            yield f"[commands] 缺少 {name}，请给它至少一个词"


def _hidden(words: Mapping[str, Any]) -> Iterator[str]:
    """Commands are looked up first, numbers stand for lines of lists and for account numbers."""
    commands = {word: name for name, listed in words["commands"].items() for word in listed}
    for name, listed in words["keywords"].items():
        for word in listed:
            if word in commands:
                yield f"[keywords] {name} 的“{word}”已是命令 {commands[word]} 的词，请删去一处"
    for table in ("keywords", "commands"):
        for name, listed in words[table].items():
            for word in listed:
                if _is_number(word):
                    yield f"[{table}] {name} 的“{word}”是数字，会和选项编号或户号混淆，请删去"


def _options(words: Mapping[str, Any]) -> Iterator[str]:
    commands = {word: name for name, listed in words["commands"].items() for word in listed}
    for where, options in words["options"].items():
        first: dict[str, str] = {}
        for value, listed in options.items():
            for word in listed:
                full = f'[options."{where}"] {value} 的“{word}”'
                if word in first:
                    yield f"{full}在 {first[word]} 里已有，请删去一处"
                first.setdefault(word, value)
                if word in commands:
                    yield f"{full}是命令 {commands[word]} 的词，选不到，请换一个"
                if _is_number(word):
                    yield f"{full}是数字，会和选项编号混淆，请删去"


def _titles(words: Mapping[str, Any]) -> Iterator[str]:
    for name, title in words["titles"].items():
        if (word := spelled(title)) not in words["keywords"].get(name, []):
            yield f"[keywords] {name} 里要有“{word}”：市民点菜单时发的就是名称“{title}”"


def _numbered_menu(words: Mapping[str, Any]) -> Iterator[str]:
    listed = words["numbered_menu"]
    if not listed:
        yield "numbered_menu 是空的，至少要写一个业务"
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        yield f"numbered_menu 里 {name} 写了两次，请删去一处"


def _values(words: Mapping[str, Any]) -> Iterator[str]:
    values = words.get("values", {})
    for table, codes in CODES.items():
        for code in codes:
            if code not in values.get(table, {}):
                yield f'[values.{table}] 缺少 {code}，请写上 {code} = "…"'
    for table in sorted(values.keys() & all_filters({}).keys()):
        yield f"[values.{table}] 和系统自带的过滤器同名，请换个名称"


def _is_number(word: str) -> bool:
    return word.isdigit() or position(word) is not None
