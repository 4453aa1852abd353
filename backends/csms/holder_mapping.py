"""Rows on the holders of accounts become values of the ports. Conversations never need their data
in clear, so it is masked here."""

from backends.csms.cells import AnyRow, code, flag, given, text, whole
from backends.ports import Contact, RealName, SpotCheck
from backends.ports.masking import masked_email, masked_mobile, masked_name


def to_contact(row: AnyRow) -> Contact:
    mobile, email = text(row.mobile), text(row.email)
    return Contact(
        acct_no=code(row.acct_no),
        mobile=masked_mobile(mobile) if mobile else "",
        email=masked_email(email) if email else "",
        paper=flag(row.paper_bill),
    )


def to_real_name(row: AnyRow) -> RealName:
    return RealName(
        acct_no=code(row.acct_no),
        holder=masked_name(given(text(row.holder_name))),
        since=given(row.since),
        benefits_used=whole(row.benefits_used),
        benefits_allowed=whole(row.benefits_allowed),
    )


def to_spot_check(row: AnyRow) -> SpotCheck:
    return SpotCheck(
        check_no=code(row.check_no),
        acct_no=code(row.acct_no),
        meter_code=code(row.meter_code),
        drawn_on=given(row.drawn_on),
        answer_by=given(row.answer_by),
    )
