"""What the website of the tests' town has published at noon of 2026-11-22.

Outages: 人民东路 is without water (the hotline knows of that one too), 建设大道 will be tomorrow,
学府路 has water again, that of 青年路 was cancelled, at 港口路 the planned end has passed.
Water: 城东水厂 is well, 滨河路测点 has a value missing, 城西水厂 exceeds a limit.
"""

from datetime import date, datetime, timedelta

from backends.ports import OutageNotice, OutageStatus, QualityValue
from tests.fakes import FakeBulletins
from tests.town import SHANGHAI

NOON = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
YESTERDAY = NOON.date() - timedelta(days=1)
CHECKED = NOON - timedelta(minutes=1)
SITE = "https://www.binhewater.example"


def notice(
    outage_no: str,
    area: str,
    places: tuple[str, ...],
    starts_h: float,
    ends_h: float,
    status: OutageStatus = OutageStatus.PUBLISHED,
    *,
    kind: str = "planned",
    reason: str = "更换阀门",
    tips: str = "",
) -> OutageNotice:
    """`starts_h` and `ends_h`: hours from noon."""
    return OutageNotice(
        outage_no=outage_no,
        version=1,
        kind=kind,
        status=status,
        area=area,
        places=places,
        reason=reason,
        starts_at=NOON + timedelta(hours=starts_h),
        ends_at=NOON + timedelta(hours=ends_h),
        tips=tips,
        source_url=f"{SITE}/outages/{outage_no}",
        published_at=NOON - timedelta(hours=30),
    )


UNDER_WAY = notice(
    "T1",
    "人民东路（青年路至港口路）",
    ("人民东路",),
    -3,
    6,
    kind="emergency",
    reason="管道抢修",
    tips="高层住户恢复较晚",
)
TO_COME = notice("T2", "建设大道书香城一带", ("建设大道", "书香城"), 34, 41)
RESTORED = notice("T3", "学府路全线", ("学府路",), -8, -2, OutageStatus.RESTORED)
CANCELLED = notice("T4", "青年路东段", ("青年路",), 10, 16, OutageStatus.CANCELLED)
OVERDUE = notice("T5", "港口路", ("港口路",), -9, -1, OutageStatus.EXTENDED)
NOTICES = (UNDER_WAY, TO_COME, RESTORED, CANCELLED, OVERDUE)


def value(
    item: str,
    said: str,
    limit: str,
    *,
    ok: bool | None = True,
    plant: str = "城东水厂",
    kind: str = "plant",
    unit: str = "",
    on: date = YESTERDAY,
) -> QualityValue:
    return QualityValue(on, plant, kind, item, said, unit, limit, ok, f"{SITE}/quality")


def well(plant: str, kind: str = "plant") -> tuple[QualityValue, ...]:
    return (
        value("浑浊度", "0.27", "≤1", unit="NTU", plant=plant, kind=kind),
        value("游离氯", "0.42", "0.3-2", unit="mg/L", plant=plant, kind=kind),
        value("总大肠菌群", "未检出", "不得检出", plant=plant, kind=kind),
    )


VALUES = (
    *well("城东水厂"),
    value("浑浊度", "1.20", "≤1", ok=False, unit="NTU", plant="城西水厂"),
    value("色度", "<5", "≤15", plant="城西水厂"),
    value("浑浊度", "0.30", "≤1", unit="NTU", plant="滨河路测点", kind="network"),
    value("色度", "", "≤15", ok=None, plant="滨河路测点", kind="network"),
    value("铁", "0.10", "≤0.3", ok=None, plant="滨河路测点", kind="network"),
)


def town_bulletins() -> FakeBulletins:
    return FakeBulletins(NOTICES, VALUES, CHECKED)
