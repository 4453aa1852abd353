"""What citizens write unasked about themselves is masked before it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.masking import masked_words


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("请打13800138000", "请打138****8000"),
        ("请打 +86 138-0013-8000 谢谢", "请打 138****8000 谢谢"),
        ("证件11010519491231002X。", "证件110*************2X。"),
        ("110105 19491231 002x", "110*************2x"),
        ("老证件110105491231002", "老证件110**********02"),
        ("卡号 6222 0212 3456 7890 123", "卡号 622**************23"),
        ("邮箱zhang.wei@example.com请回", "邮箱z***@example.com请回"),
        ("公司91350100m000100y43开票", "公司913*************43开票"),
        ("表号01224157300463坏了", "表号01224157300463坏了"),
        ("户号3100000017读数1250", "户号3100000017读数1250"),
        ("2026-11-22 12:00停水到18:00", "2026-11-22 12:00停水到18:00"),
        ("热线962000打不通", "热线962000打不通"),
    ],
)
def test_numbers_of_people_are_masked_and_others_stay(said: str, kept: str) -> None:
    assert masked_words(said) == kept


@given(before=st.text("水费ab ，", max_size=8), mobile=st.from_regex(r"\A1[3-9]\d{9}\Z"))
def test_no_mobile_stays_whole(before: str, mobile: str) -> None:
    assert mobile not in masked_words(f"{before}{mobile}{before}")


@given(before=st.text("水费ab ，", max_size=8), number=st.from_regex(r"\A[1-9]\d{16}[\dX]\Z"))
def test_no_identity_number_stays_whole(before: str, number: str) -> None:
    assert number not in masked_words(f"{before}{number}{before}")
