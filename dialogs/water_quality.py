"""水质公示: what the website has published of the water's quality, its latest day for each plant
and kind. Nothing need be bound."""

from collections.abc import Mapping, Sequence
from typing import Any

from backends.ports import QualityValue
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice_from
from dialogs.published import checked, quality_reports

MOST_LISTED = 12


def opening(turn: Turn, _: None) -> Go:
    if not turn.policy.website_url:
        return Go("closed", show={"hotline": turn.policy.hotline})
    bulletin = turn.ask.bulletins.quality()
    told = {"checked": checked.kept(turn, bulletin.checked), "hotline": turn.policy.hotline}
    points = quality_reports.points(bulletin.values)
    if not points:
        return Go("nothing", show=told)
    if len(points) == 1:
        return _report(turn, points[0])
    listed = [_line(report) for report in points[:MOST_LISTED]]
    return Go("several", keep={**told, "points": listed, "more": len(points) - len(listed)})


def which(turn: Turn, answer: str) -> Go:
    for report in quality_reports.points(turn.ask.bulletins.quality().values):
        if quality_reports.name(report) == answer:
            return _report(turn, report)
    return Go("gone")


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The template writes them out with their day."""
    return tuple((point["name"], point["name"]) for point in data["points"])


def _report(turn: Turn, report: Sequence[QualityValue]) -> Go:
    bulletin = turn.ask.bulletins.quality()
    return Go(
        "report",
        show={
            "report": quality_reports.whole(report),
            "checked": checked.kept(turn, bulletin.checked),
            "hotline": turn.policy.hotline,
        },
    )


def _line(report: Sequence[QualityValue]) -> dict[str, str]:
    return {
        "name": quality_reports.name(report),
        "plant": report[0].plant,
        "kind": report[0].kind,
        "on": report[0].on.isoformat(),
        "verdict": quality_reports.verdict(report),
    }


WATER_QUALITY = Dialog(
    name="water_quality",
    revision=1,
    glance=True,
    opens=Opening(
        opening,
        {"closed": "closed", "nothing": "nothing", "several": "which", "report": "report"},
    ),
    steps={
        "which": Step(
            reads=choice_from(choices),
            decide=which,
            leads_to={"report": "report", "gone": "gone"},
        ),
    },
    ends={
        "report": Exit.COMPLETED,
        "nothing": Exit.COMPLETED,
        "gone": Exit.FAILED,
        "closed": Exit.FAILED,
    },
)
