"""What the page tells whoever plays a citizen: accounts of the synthetic city worth trying."""

from collections.abc import Mapping, Sequence

from sandbox.city import Example
from sandbox.config import Hint

_TITLES = {
    "nothing_owed": "没有欠费",
    "one_bill_owed": "欠一笔",
    "several_owed_with_late_fee": "欠几笔，有违约金",
    "many_owed": "欠很多笔",
    "stopped_arrears": "因欠费停水，缴清就复水",
    "no_owner_name": "没有登记户主",
    "closed": "已销户",
    "company": "单位用户",
    "self_reading_open": "可以自报读数",
    "visit_due": "要预约上门抄表",
    "tier_two_soon": "快到第二阶梯",
    "higher_bill": "这期水费高了",
    "remote_meter": "远传水表，不用自报",
    "no_real_name": "还没有实名",
    "real_name_on_file": "已有实名，可办过户",
    "transferred_twice": "今年过户优惠已用完",
    "old_owner_on_file": "房子已卖，原户主未解除",
    "spot_check_open": "有抽检，等拍水表",
}


def city_hints(examples: Mapping[str, Sequence[Example]]) -> tuple[Hint, ...]:
    """The text is the account number 户号, ready to be sent; the title what one must know."""
    return tuple(
        Hint(
            f"{title}：{_about(situation, examples[situation][0])}", examples[situation][0].acct_no
        )
        for situation, title in _TITLES.items()
        if examples.get(situation)
    )


def _about(situation: str, example: Example) -> str:
    parts = [f"户主 {example.owner_name}" if example.owner_name else "没有户主姓名"]
    if example.bills_owed:
        parts.append(f"欠 {example.owed:.2f} 元")
    if situation == "self_reading_open":
        parts.append(f"上次读数 {example.last_value}")
    return "，".join(parts)
