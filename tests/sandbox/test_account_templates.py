"""The rule of each type of key, as the documentation has it."""

import pytest

from sandbox.account_templates import AccountTemplate, fits


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("thing1", ["滨河路停水", "a" * 20], ["长" * 21, "", "两\n行"]),
        ("short_thing1", ["十个字以内"], ["长" * 11]),
        ("character_string1", ["0012345678", "10*****017", "W-1/2"], ["户号1", "1" * 33]),
        ("time1", ["15:01", "2019年10月1日 15:01", "2019年10月1日 15:01~16:00"], ["明天", "25:00"]),
        ("date1", ["2019年10月1日", "2019年10月1日~2019年10月7日"], ["2019-10-01", "13月1日"]),
        ("phone_number1", ["+86-0766-66888866"], ["1" * 18, "电话"]),
        ("name1", ["张*", "A" * 20], ["张" * 11, "A" * 21]),
        ("symbol1", ["!@#$%"], ["!!!!!!", "a"]),
        ("amount1", ["¥100", "56.70元", "0"], ["56.70 元", "1" * 11, "五元"]),
        ("number1", ["12", "12.345"], ["12吨", "1" * 33]),
        ("letter1", ["ABC"], ["A1", "A" * 33]),
        ("car_number1", ["粤A8Z888挂"], ["粤A8Z888888"]),
        ("phrase1", ["已通过", "配送中心"], ["a", "超过五个字了"]),
    ],
)
def test_its_rule(key: str, good: list[str], bad: list[str]) -> None:
    template = AccountTemplate("t" * 43, "标题", {key: "词"})
    assert [value for value in good if not fits(template, key, value, iso_dates=False)] == []
    assert [value for value in bad if fits(template, key, value, iso_dates=False)] == []


def test_how_dates_are_written_is_a_switch_and_const_is_of_a_list() -> None:
    template = AccountTemplate("t" * 43, "标题", {"time1": "时间"}, {"const1": ("已办", "未办")})
    assert fits(template, "time1", "2026-01-31 12:00", iso_dates=True)
    assert not fits(template, "time1", "2026-01-31 12:00", iso_dates=False)
    assert fits(template, "const1", "已办", iso_dates=False)
    assert not fits(template, "const1", "在办", iso_dates=False)
