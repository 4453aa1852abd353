"""服务网点: the three nearest to a location, or those of a district; open now, and when next."""

from collections.abc import Mapping
from typing import Any

from backends.ports import Place
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Opening, Step, Turn
from dialogs.engine.inbound import Kind
from dialogs.engine.readers import place
from dialogs.information import outlet_view


def opening(turn: Turn, _: None) -> Go:
    districts = outlet_view.districts(turn.ask.content.outlets())
    if not districts:
        return Go("none", show={"hotline": turn.policy.hotline})
    return Go("asked", keep={"districts": districts})


def read(turn: Turn, typed: str) -> Ok | Bad:
    """A district by name, with or without 区, inside whatever was typed."""
    for district in turn.data["districts"]:
        bare = district.removesuffix("区").removesuffix("县")
        if (bare if len(bare) > 1 else district) in typed:
            return Ok(district)
    return Bad("district")


def where(turn: Turn, answer: Place | str) -> Go | Bad:
    outlets = turn.ask.content.outlets()
    if isinstance(answer, Place):
        if answer.latitude is None:
            return Bad("district")
        found = outlet_view.nearest(outlets, answer)
        views = [outlet_view.view(one, turn.now, distance_m) for one, distance_m in found]
        return Go("near", show={"outlets": views})
    views = [outlet_view.view(one, turn.now) for one in outlets if one.district == answer]
    return Go("there", show={"district": answer, "outlets": views})


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((district, district) for district in data["districts"])


OUTLETS = Dialog(
    name="outlets",
    revision=1,
    welcomes=(Kind.LOCATION,),
    opens=Opening(opening, {"none": "none", "asked": "place"}),
    steps={
        "place": Step(
            reads=place(choices, read, reasons=("district",)),
            decide=where,
            leads_to={"near": "nearest", "there": "in_district"},
            refuses=("district",),
        ),
    },
    ends={"nearest": Exit.COMPLETED, "in_district": Exit.COMPLETED, "none": Exit.FAILED},
)
