"""The types of fault 报修类型 that the hotline knows. Their names, and how soon somebody comes, are
wording: [values.fault] and [values.fault_promise] of words.toml."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaultType:
    """`urgency`: P1 (danger) to P4. `asks_side`: before the meter it is the utility's part, after
    it the owner's 以表为界. `outage_explains`: a published outage may be all there is to it."""

    code: str
    urgency: str
    asks_side: bool = False
    outage_explains: bool = False


BURST = "BURST"
INDOOR = "INDOOR"

FAULT_TYPES = {
    one.code: one
    for one in (
        FaultType(BURST, "P1", outage_explains=True),
        FaultType("NOWATER_AREA", "P1", outage_explains=True),
        FaultType("QUALITY", "P2", outage_explains=True),
        FaultType("LEAK_PUBLIC", "P2", asks_side=True, outage_explains=True),
        FaultType("NOWATER_HOME", "P2", outage_explains=True),
        FaultType("PRESSURE", "P3", outage_explains=True),
        FaultType("METER", "P3", asks_side=True),
        FaultType("VALVE_BOX", "P2"),
        FaultType(INDOOR, "P4"),
        FaultType("MAINT", "P4"),
        FaultType("ILLEGAL", "P4"),
    )
}
