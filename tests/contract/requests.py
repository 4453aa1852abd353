"""Submissions and photos that contract tests make, and the moments they are made at."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backends.ports import Effect, Photo, PhotoKept, PhotoPurpose, Submission, SubmissionKind
from backends.ports import SubmissionMade as Made

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
WEI, QIN = "oWeixin-AbCdEf_0123456789xyz", "oqinqin-AbCdEf_0123456789xyz"
HOME, SHOP = "0100000017", "0100000025"


def submission(serial: int, acct_no: str = HOME, **changes: Any) -> Submission:
    """The serial makes its number, its key and the second it was made in."""
    made = Submission(
        number=f"W26112200{serial:05d}",
        key=f"run{serial}:reading",
        openid=WEI,
        acct_no=acct_no,
        kind=SubmissionKind.READING,
        payload={"value": 1250, "volume_m3": 16, "flags": ["high"], "text": "“水表”\n\0"},
        created_at=NOON + serial * SECOND,
        photo_ids=("p1", "p2"),
    )
    return replace(made, **changes)


def made(serial: int, acct_no: str = HOME, **changes: Any) -> Effect:
    return Made(submission(serial, acct_no, **changes))


def picture(serial: int, print_: str = "", **changes: Any) -> Photo:
    values: dict[str, Any] = {
        "photo_id": f"photo-{serial}",
        "sha256": f"{serial:064x}",
        "mime": "image/jpeg",
        "size_bytes": 81_234,
        "width": 1080,
        "height": 1440,
        "print": print_ or f"{(1 << 256) - 1 - serial * 0x1111111111111111111111111:064x}",
    }
    return Photo(**(values | changes))


def kept(photo: Photo, openid: str = WEI, acct_no: str = HOME, at: datetime = NOON) -> PhotoKept:
    return PhotoKept(openid, acct_no, PhotoPurpose.METER, photo, at)
