"""The message templates 模板消息 that stand on the account, as a utility would have added them, and
the rules of each type of key (参数值内容限制说明 of the documentation)."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """`keys`: key → the word that stands before it, in the order of the card. `choices`: what a
    const key may say."""

    template_id: str
    title: str
    keys: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, str]:
        content = "\n".join(f"{label}:{{{{{key}.DATA}}}}" for key, label in self.keys.items())
        return {
            "template_id": self.template_id,
            "title": self.title,
            "primary_industry": "",
            "deputy_industry": "",
            "content": content,
            "example": "",
        }


def template_id(card: str) -> str:
    """43 letters, the same in every sandbox, so that a demo's settings keep working."""
    digest = hashlib.sha512(f"template {card}".encode()).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:43])


_CARDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "bill": (
        "水费账单通知",
        {
            "character_string1": "户号",
            "thing2": "账期",
            "thing3": "用水量",
            "amount4": "金额",
            "date5": "缴费截止",
        },
    ),
    "due": (
        "水费到期提醒",
        {
            "character_string1": "户号",
            "amount2": "本期欠费",
            "amount5": "欠费合计",
            "date3": "缴费截止",
            "thing4": "温馨提示",
        },
    ),
    "reading": (
        "抄表提醒",
        {"character_string1": "户号", "date2": "抄表日", "date3": "截止", "thing4": "温馨提示"},
    ),
    "spot_check": (
        "抽检通知",
        {"character_string1": "户号", "date2": "回传截止", "thing3": "温馨提示"},
    ),
    "visit": (
        "上门服务提醒",
        {"character_string1": "户号", "time2": "上门时间", "thing3": "事项"},
    ),
    "outage": (
        "停水通知",
        {"thing1": "停水区域", "time2": "停水时间", "thing3": "原因", "thing4": "温馨提示"},
    ),
    "water_back": (
        "恢复供水通知",
        {"thing1": "区域", "time2": "恢复时间", "thing3": "说明"},
    ),
    "quality": ("水质信息通知", {"date1": "日期", "thing2": "结论", "thing3": "说明"}),
    "result": (
        "业务办理结果通知",
        {"thing1": "业务", "phrase2": "结果", "character_string3": "受理号", "thing4": "说明"},
    ),
    "ticket": (
        "工单进度通知",
        {"thing1": "业务", "phrase2": "进度", "character_string3": "受理号", "thing4": "说明"},
    ),
    "payment": (
        "缴费成功通知",
        {
            "thing1": "户号",
            "amount2": "缴费金额",
            "thing3": "缴费内容",
            "time4": "缴费时间",
            "character_string5": "订单号",
        },
    ),
    "refund": (
        "退款进度通知",
        {"phrase1": "进度", "amount2": "金额", "character_string3": "订单号", "thing4": "说明"},
    ),
}
TEMPLATES: Mapping[str, AccountTemplate] = {
    card: AccountTemplate(template_id(card), title, keys) for card, (title, keys) in _CARDS.items()
}
"""By the card that it is made for."""

_HAN = "\u3400-\u9fff"
_TIME = r"([01]\d|2[0-3]):[0-5]\d"
_DATE = r"\d{4}年(0?[1-9]|1[0-2])月(0?[1-9]|[12]\d|3[01])日"
_MOMENT = rf"(({_DATE} ?)?{_TIME}|{_DATE})"
_ISO = r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _name(value: str) -> bool:
    return len(value) <= (10 if re.search(f"[{_HAN}]", value) else 20)


_RULES: Mapping[str, Callable[[str], bool]] = {
    "thing": lambda value: len(value) <= 20,
    "short_thing": lambda value: len(value) <= 10,
    "character_string": _matches(r"[\x20-\x7e]{1,32}"),
    "time": _matches(rf"{_MOMENT}(~{_MOMENT})?"),
    "date": _matches(rf"{_DATE}( ?{_TIME})?(~{_DATE}( ?{_TIME})?)?"),
    "phone_number": _matches(r"[\d+\-() ]{1,17}"),
    "name": _name,
    "symbol": _matches(rf"[^\w{_HAN}\s]{{1,5}}"),
    "amount": _matches(r"[¥￥$€£]?\d{1,10}(\.\d+)?元?"),
    "number": _matches(r"\d{1,32}(\.\d+)?"),
    "letter": _matches(r"[A-Za-z]{1,32}"),
    "car_number": lambda value: len(value) <= 8,
    "phrase": _matches(rf"[{_HAN}]{{1,5}}"),
}


def fits(template: AccountTemplate, key: str, value: str, *, iso_dates: bool) -> bool:
    """`iso_dates`: whether times may be written 2026-01-31 12:00, which nobody has confirmed."""
    kind = key.rstrip("0123456789")
    if not value or "\n" in value:
        return False
    if kind in ("const", "enum"):
        return value in template.choices.get(key, ())
    if iso_dates and kind in ("time", "date") and re.fullmatch(_ISO, value):
        return True
    rule = _RULES.get(kind)
    return rule is None or rule(value)
