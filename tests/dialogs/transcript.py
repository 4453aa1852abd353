"""Reads the conversations in tests/dialogs/*.yml. Every value is read as text, as it was typed:
YAML would turn 56.70 into 56.7 and 08:30 into a number. What cannot be understood is refused,
in words for whoever wrote the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
ACTIONS = (
    "市民",
    "点",
    "菜单",
    "照片",
    "语音",
    "位置",
    "视频",
    "链接",
    "文件",
    "关注",
    "取关",
    "扫码",
    "客服接入",
    "客服结束",
    "过",
    "营业系统",
    "热线系统",
    "官网",
    "绑定被解除",
    "家人交了",
    "付款",
)
SILENT_ACTIONS = ("过", "营业系统", "热线系统", "官网", "绑定被解除", "家人交了", "付款")
TAPPED_IN = "在"
EXPECTATIONS = ("回复", "不含", "结果", "同", "绑着", "提交了", "下了单")
RESULTS = ("没有回复", "转人工", "图文")
REMEMBER = "记为"
GIVEN = (
    "设置",
    "微信支付",
    "密码",
    "已绑",
    "家人已绑",
    "已同意",
    "同意过",
    "邀请码",
    "抽中",
    "时间",
    "办过",
)
DONE_BEFORE = ("号", "种类", "状态", "多久前", "户号", "内容", "密封", "照片", "结果", "归于", "谁")
_UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}


class Unreadable(Exception):
    """A file that is not a conversation; says where, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Turn:
    """`action` and `what`: what the citizen does. The rest is what must be true of the answer."""

    number: int
    action: str
    what: str
    tapped_in: str
    reply: tuple[str, ...]
    lacks: tuple[str, ...]
    result: str
    same_as: str
    bound: tuple[str, ...] | None
    submitted: tuple[str, ...] | None
    ordered: tuple[str, ...] | None
    remember: str


@dataclass(frozen=True, slots=True)
class Given:
    settings: dict[str, str]
    pays: bool
    password: str
    bound: tuple[str, ...]
    family: tuple[str, ...]
    consented: bool
    purposes: tuple[str, ...]
    invited: tuple[str, ...]
    drawn: tuple[str, ...]
    time: str
    done_before: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    file: str
    title: str
    given: Given
    turns: tuple[Turn, ...]


def read_all(folder: Path = FOLDER) -> Iterator[Transcript]:
    for path in sorted(folder.glob("*.yml")):
        yield from read(path)


def read(path: Path) -> list[Transcript]:
    try:
        # BaseLoader makes texts only: nothing in a file can construct anything.
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise Unreadable(f"{path.name}：不是正确的 YAML：{error}") from error
    if not isinstance(found, list):
        raise Unreadable(f"{path.name}：应该是一条条以 “- 标题:” 开头的对话")
    return [_transcript(path.name, item) for item in found]


def duration(text: str) -> timedelta:
    found = re.fullmatch(r"(\d+) ?(秒|分钟|小时|天)", text)
    if not found:
        raise Unreadable(f"“过: {text}” 应写成 “过: 31分钟”，单位是秒、分钟、小时或天")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _transcript(file: str, item: Any) -> Transcript:
    if not isinstance(item, dict) or not item.get("标题"):
        raise Unreadable(f"{file}：有一条对话没有标题")
    where = f"{file}「{item['标题']}」"
    _only(item, ("标题", "前提", "对话"), where)
    if not isinstance(item.get("对话"), list):
        raise Unreadable(f"{where}：没有 “对话:”")
    turns = (_turn(f"{where}第{n}句", n, turn) for n, turn in enumerate(item["对话"], start=1))
    return Transcript(file, item["标题"], _given(where, item.get("前提") or {}), tuple(turns))


def _given(where: str, item: dict[str, Any]) -> Given:
    _only(item, GIVEN, f"{where}的前提")
    for one in item.get("办过") or ():
        _only(one, DONE_BEFORE, f"{where}的办过")
    return Given(
        settings=item.get("设置") or {},
        pays=item.get("微信支付", "关") == "开",
        bound=_texts(item.get("已绑")),
        family=_texts(item.get("家人已绑")),
        consented=item.get("已同意", "否") == "是",
        purposes=_texts(item.get("同意过")),
        invited=_texts(item.get("邀请码")),
        drawn=_texts(item.get("抽中")),
        password=item.get("密码", ""),
        time=item.get("时间", ""),
        done_before=tuple(item.get("办过") or ()),
    )


def _turn(where: str, number: int, item: Any) -> Turn:
    if not isinstance(item, dict):
        raise Unreadable(f"{where}：应该像 “- 市民: 查欠费” 这样写")
    actions = [key for key in item if key in ACTIONS]
    if len(actions) != 1:
        raise Unreadable(f"{where}：要有而且只有一个动作（{'、'.join(ACTIONS)}）")
    _only(item, (*ACTIONS, TAPPED_IN, *EXPECTATIONS, REMEMBER), where)
    if actions[0] not in SILENT_ACTIONS and not item.keys() & {"回复", "结果", "同"}:
        raise Unreadable(f"{where}：没有写应该怎么回复")
    if item.get("结果", RESULTS[0]) not in RESULTS:
        raise Unreadable(f"{where}：结果只能是{'或'.join(RESULTS)}")
    return Turn(
        number=number,
        action=actions[0],
        what=item[actions[0]] or "",
        tapped_in=item.get(TAPPED_IN, ""),
        reply=_texts(item.get("回复")),
        lacks=_texts(item.get("不含")),
        result=item.get("结果", ""),
        same_as=item.get("同", ""),
        bound=_texts(item["绑着"]) if "绑着" in item else None,
        submitted=_texts(item["提交了"]) if "提交了" in item else None,
        ordered=_texts(item["下了单"]) if "下了单" in item else None,
        remember=item.get(REMEMBER, ""),
    )


def _only(item: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    if unknown := sorted(item.keys() - set(known)):
        raise Unreadable(f"{where}：不认识 “{unknown[0]}”，可以用的是{'、'.join(known)}")


def _texts(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
