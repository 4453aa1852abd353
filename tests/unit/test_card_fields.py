"""Whatever a bill, a name or a reason says: what goes to WeChat has the form of its key."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.wording.card_fields import FORMS, NOTHING, fit

DAY = r"\d{4}年(1[0-2]|[1-9])月(3[01]|[12]\d|[1-9])日"
HOUR = r"([01]\d|2[0-3]):[0-5]\d"
TIME, DATE = rf"({DAY} )?{HOUR}", rf"{DAY}( {HOUR})?"
# What WeChat's page on template messages says of each key, one by one.
RULES = {
    "thing": r"[^\n]{1,20}",
    "short_thing": r"[^\n]{1,10}",
    "character_string": r"[ -~]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "number": r"(?=.{1,32}$)\d+(\.\d+)?",
    "amount": r"[¥￥$€£]?(?=(\D*\d){1,10}\D*$)\d+(\.\d+)?元?",
    "time": rf"{TIME}(~{TIME})?",
    "date": rf"{DATE}(~{DATE})?",
    "phone_number": r"[-+*()\d ]{1,17}",
    "name": r"[ -~]{1,20}|[^\n]{1,10}",
    "phrase": r"[㐀-鿿]{1,5}",
    "symbol": r"[^\s\w]{1,5}",
    "car_number": r"[一-鿿A-Za-z0-9]{1,8}",
    "const": r"[^\n]{1,20}",
}
NEVER_FAIL = ("thing", "short_thing", "name")
digits = st.from_regex(r"[0-9]{1,12}(\.[0-9]{0,4})?", fullmatch=True)
moments = st.from_regex(
    r"[0-9]{4}[-年][0-9]{1,2}[-月][0-9]{1,2}日?[ T]?([0-9]{2}:[0-9]{2})?([~-][0-9]{2}:[0-9]{2})?",
    fullmatch=True,
)
anything = st.one_of(
    st.text(max_size=60),
    st.text("一二三滨河路 ab1*\n", max_size=60),
    digits,
    digits.map("￥{}元".format),
    moments,
)


@pytest.mark.parametrize("form", FORMS)
def test_what_fits_keeps_the_rule_and_stays_as_it_is(form: str) -> None:
    key = f"{form}2"

    @given(anything)
    @example("2026年12月10日 23:59")
    @example("\ud800")
    def keeps(value: str) -> None:
        try:
            fitted = fit(key, value)
        except ValueError:
            assert form not in NEVER_FAIL
            return
        assert re.fullmatch(RULES[form], fitted, re.ASCII if form in ("number", "amount") else 0)
        assert not re.search(r"[\x00-\x1f\ud800-\udfff]", fitted)
        assert fit(key, fitted) == fitted

    keeps()


@pytest.mark.parametrize(
    ("key", "value", "fitted"),
    [
        ("thing1", "滨河路", "滨河路"),
        ("thing1", "一" * 20, "一" * 20),
        ("thing1", "一" * 21, "一" * 17 + "..."),
        ("thing1", " 人民东路\n88弄\t3号 ", "人民东路 88弄 3号"),
        ("thing1", "", NOTHING),
        ("short_thing3", "一" * 11, "一" * 7 + "..."),
        ("character_string1", "31*****017", "31*****017"),
        ("character_string1", "", "-"),
        ("number3", "15.5", "15.5"),
        ("amount4", "75.60元", "75.60元"),
        ("amount4", "￥1,234.50", "￥1234.50"),
        ("time5", "2026年12月10日 23:59", "2026年12月10日 23:59"),
        ("time5", "2026-12-10 9:05", "2026年12月10日 09:05"),
        ("time5", "15:01", "15:01"),
        ("time5", "2026年11月25日 09:00-11:00", "2026年11月25日 09:00~11:00"),
        (
            "time5",
            "2026-11-23T22:00 ~ 2026-11-24T05:00",
            "2026年11月23日 22:00~2026年11月24日 05:00",
        ),
        ("date1", "2026-11-23", "2026年11月23日"),
        ("date1", "2026-11-23至2026-11-24", "2026年11月23日~2026年11月24日"),
        ("phone_number1", "+86-0871-65120018", "+86-0871-65120018"),
        ("name1", "滨河市第一人民医院后勤中心", "滨河市第一人民医院后"),
        ("name1", "Alexandra Montgomery-Smith", "Alexandra Montgomery"),
        ("phrase2", "已通过", "已通过"),
        ("phrase2", "", NOTHING),
        ("car_number1", "沪A12345", "沪A12345"),
    ],
)
def test_values_are_brought_into_form(key: str, value: str, fitted: str) -> None:
    assert fit(key, value) == fitted


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("amount4", "12345678901"),
        ("amount4", "-5.00"),
        ("amount4", ""),
        ("number3", "15立方米"),
        ("number3", "-1"),
        ("number3", "1" * 33),
        ("number3", "١٢"),
        ("character_string1", "户号31"),
        ("character_string1", "3" * 33),
        ("time5", "2026年12月10日"),
        ("time5", "2026年2月30日 10:00"),
        ("time5", "2026年0月3日 10:00"),
        ("time5", "24:00"),
        ("time5", "08:00~09:00~10:00"),
        ("time5", ""),
        ("date1", "15:01"),
        ("phone_number1", "1" * 18),
        ("phrase2", "已派给抢修人员"),
        ("phrase2", "ok"),
        ("car_number1", "沪A1234567"),
        ("thing", "滨河路"),
        ("first", "您好"),
        ("thing1.value", "您好"),
    ],
)
def test_what_a_cut_would_make_say_something_else_is_an_error(key: str, value: str) -> None:
    with pytest.raises(ValueError, match=re.escape(key)):
        fit(key, value)
