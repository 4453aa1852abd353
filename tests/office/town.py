"""The office's city as a test sees it: fresh accounts, requests sent in, events told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row, select, text

from sandbox.city.schema import metadata, wx_request, wx_request_file
from sandbox.office import events
from sandbox.office.listing import ToldEvent
from sandbox.office.private import sealed

KEY = "a key that CSMS and the server share, of 32 characters or more"
APPLICANT = {"name": "欧阳娜娜", "id_no": "11010519491231002X", "mobile": "13800001234"}
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
T = metadata.tables


@dataclass
class Town:
    engine: Engine
    _used: set[str] = field(default_factory=set)
    _numbers: Any = field(default_factory=lambda: count(1))

    def someone(
        self, where: str = "m.is_remote = 0 AND m.visit_due = 0 AND m.self_streak < 5"
    ) -> str:
        """An account that no other test has, mechanical unless asked for otherwise."""
        statement = (
            "SELECT m.acct_no FROM wx_meter m JOIN wx_tier t ON t.acct_no = m.acct_no "  # noqa: S608
            f"WHERE m.last_read_on < '2026-11-22' AND {where} "
            "AND m.last_value < CASE m.digits WHEN 4 THEN 9000 ELSE 90000 END "
            "ORDER BY m.acct_no DESC"
        )
        with self.engine.connect() as connection:
            found = connection.execute(text(statement)).scalars()
            acct_no = next(str(number) for number in found if number not in self._used)
        self._used.add(acct_no)
        return acct_no

    def meter(self, acct_no: str) -> Row[Any]:
        return self._one("SELECT * FROM wx_meter WHERE acct_no = :no", acct_no)

    def account(self, acct_no: str) -> Row[Any]:
        with self.engine.connect() as connection:
            table = T["account"]
            return connection.execute(select(table).where(table.c.acct_no == acct_no)).one()

    def last_bill(self, acct_no: str) -> Row[Any]:
        with self.engine.connect() as connection:
            table = T["bill"]
            newest = (
                select(table).where(table.c.acct_no == acct_no).order_by(table.c.bill_id.desc())
            )
            return connection.execute(newest.limit(1)).one()

    def last_reading(self, acct_no: str) -> Row[Any]:
        with self.engine.connect() as connection:
            table = T["reading"]
            newest = select(table).where(table.c.acct_no == acct_no)
            return connection.execute(newest.order_by(table.c.reading_id.desc()).limit(1)).one()

    def visit(self, acct_no: str) -> Row[Any]:
        return self._one(
            "SELECT * FROM wx_visit WHERE acct_no = :no ORDER BY visit_no DESC", acct_no
        )

    def slot(self, acct_no: str, nth: int = 0, *, free: bool = True) -> Row[Any]:
        statement = (
            "SELECT s.slot_no, s.slot_on, s.band, s.free FROM wx_visit_slot s JOIN wx_meter m "
            "ON m.area = s.area WHERE m.acct_no = :no ORDER BY s.slot_no"
        )
        with self.engine.connect() as connection:
            rows = connection.execute(text(statement), {"no": acct_no}).all()
        return [row for row in rows if (row.free > 0) == free][nth]

    def fix(self, acct_no: str, **values: object) -> None:
        table = T["account"]
        with self.engine.begin() as connection:
            connection.execute(table.update().where(table.c.acct_no == acct_no).values(**values))

    def real_names(self, acct_no: str) -> list[tuple[str, str]]:
        """(name, state), oldest first."""
        statement = text(
            "SELECT c.name, r.state FROM real_name r JOIN customer c ON c.cust_id = r.cust_id "
            "WHERE r.acct_no = :no ORDER BY r.rec_id"
        )
        with self.engine.connect() as connection:
            return [(row.name, row.state) for row in connection.execute(statement, {"no": acct_no})]

    def view(self, name: str, acct_no: str) -> Row[Any] | None:
        """The account's row in an exchange view, as the server reads it."""
        statement = text(f"SELECT * FROM {name} WHERE acct_no = :no")  # noqa: S608
        with self.engine.connect() as connection:
            return connection.execute(statement, {"no": acct_no}).first()

    def send(
        self,
        kind: str,
        acct_no: str | None,
        payload: Mapping[str, Any] | str,
        *,
        photos: int = 0,
        private: Mapping[str, str] | None = None,
    ) -> str:
        number = f"W{next(self._numbers):013d}"
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        with self.engine.begin() as connection:
            connection.execute(
                wx_request.insert().values(
                    request_no=number,
                    kind=kind,
                    acct_no=acct_no,
                    payload=raw,
                    private=sealed(KEY, private) if private else None,
                    created_at=NOW.replace(tzinfo=None),
                )
            )
            for photo in range(1, photos + 1):
                connection.execute(
                    wx_request_file.insert().values(
                        request_no=number,
                        file_no=photo,
                        photo_id=f"p{number}{photo}",
                        sha256="0" * 64,
                        mime="image/jpeg",
                        size_bytes=1000,
                        url=f"http://127.0.0.1/files/{number}/{photo}",
                    )
                )
        return number

    def send_reading(self, acct_no: str, used: int, **changes: object) -> str:
        """A reading as the server submits it: so many m³ after the last one."""
        meter = self.meter(acct_no)
        payload = {
            "meter_code": meter.meter_code,
            "value": (meter.last_value + used) % 10**meter.digits,
            "prev_value": meter.last_value,
            "volume_m3": used,
            "rollover": meter.last_value + used >= 10**meter.digits,
            "flags": [],
            "read_on": "2026-11-22",
        }
        return self.send("reading", acct_no, {**payload, **changes}, photos=2)

    def send_transfer(self, acct_no: str, kind: str = "transfer", **changes: object) -> str:
        """By somebody who has read the meter today: 3 m³ since the last time."""
        meter = self.meter(acct_no)
        payload = {
            "documents": ["id_front", "id_back", "property", "meter"],
            "meter_code": meter.meter_code,
            "value": meter.last_value + 3,
            "read_on": "2026-11-22",
            **({"arrears": "take_over", "benefit": True} if kind == "transfer" else {}),
            **changes,
        }
        return self.send(kind, acct_no, payload, photos=4, private=APPLICANT)

    def send_connection(self) -> str:
        payload = {
            "kind": "shop",
            "address": "江北区望江路118号",
            "details": "",
            "documents": ["id_front", "property"],
        }
        return self.send("connection", None, payload, photos=2, private=APPLICANT)

    def send_check(self, acct_no: str, check_no: str, **changes: object) -> str:
        meter = self.meter(acct_no)
        seen = {"value": meter.last_value + 2, "read_on": "2026-11-22"}
        payload = {"check_no": check_no, "meter_code": meter.meter_code, **seen, **changes}
        return self.send("spot_check", acct_no, payload, photos=1)

    def answers(self, request_no: str) -> list[ToldEvent]:
        """What was told of the request, but that it is in the queue."""
        return [
            event
            for event in self.all_told()
            if event.request_no == request_no and event.kind != "request_taken"
        ]

    def told(self, acct_no: str) -> list[ToldEvent]:
        """What was told of the account, in the order of the numbers."""
        return [event for event in self.all_told() if event.acct_no == acct_no]

    def all_told(self) -> tuple[ToldEvent, ...]:
        return events(self.engine, limit=100_000)

    def _one(self, statement: str, acct_no: str) -> Row[Any]:
        with self.engine.connect() as connection:
            found = connection.execute(text(statement), {"no": acct_no}).first()
        assert found is not None
        return found


def wish(visit_no: str, slot: Row[Any]) -> dict[str, str]:
    """The payload of VISIT and VISIT_CHANGE."""
    on = slot.slot_on.isoformat() if isinstance(slot.slot_on, date) else str(slot.slot_on)
    return {"visit_no": visit_no, "slot_no": slot.slot_no, "on": on, "band": slot.band}
