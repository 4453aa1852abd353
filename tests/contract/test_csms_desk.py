"""Requests reach CSMS once and whole; what it has to tell comes back in order."""

import base64
import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, ClassVar

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, Table, create_engine, insert, select

from backends.csms.desk import SqlCsmsDesk, open_csms_desk
from backends.errors import Rejected
from backends.ports import Desk, Receipt, Request, RequestFile, SubmissionKind
from tests.contract.city import ACCOUNTS, BILLS, LIN, MOBILES, SHANGHAI
from tests.contract.exchange import publish
from tests.contract.exchange_schema import events, request_files, requests

WORKERS = 8
KEY = "schlüssel-水-0123456789-0123456789"
AT = datetime(2026, 11, 22, 9, 30, 5, tzinfo=SHANGHAI)
PHOTOS = tuple(
    RequestFile(
        photo_id=f"{number:032x}",
        sha256=f"{number:064x}",
        mime="image/jpeg",
        size_bytes=204_800 + number,
        url=f"https://wx.example.cn/files/{number:032x}?until=1795000000&sign=ab",
    )
    for number in (1, 2)
)
READING = Request(
    number="W2611221234560",
    kind=SubmissionKind.READING,
    acct_no=LIN,
    payload={"meter_code": "01260100000017", "value": 436, "volume_m3": 18, "flags": ["high"]},
    at=AT,
    files=PHOTOS,
)


@pytest.fixture
def exchange(database_url: str) -> Iterator[Engine]:
    publish(database_url, ACCOUNTS, BILLS, mobiles=MOBILES)
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(exchange: Engine) -> Iterator[SqlCsmsDesk]:
    with closing(_open(exchange)) as opened:
        yield opened


def _open(exchange: Engine, key: str = KEY) -> SqlCsmsDesk:
    url = exchange.url.render_as_string(hide_password=False)
    return open_csms_desk(url, pool_size=2, statement_timeout_s=20, key=key)


def opened(private: str) -> Any:
    """As a CSMS in any language opens it, from the contract alone."""
    key = base64.urlsafe_b64encode(hashlib.sha256(b"csms-private:" + KEY.encode()).digest())
    return json.loads(Fernet(key).decrypt(private.encode("ascii")))


def rows(exchange: Engine, table: Table) -> list[Mapping[str, Any]]:
    with exchange.connect() as connection:
        ordered = select(table).order_by(*table.primary_key.columns)
        return [dict(row._mapping) for row in connection.execute(ordered)]


def tell(exchange: Engine, event_id: int, **columns: object) -> None:
    known = {
        "event_id": event_id,
        "kind": "request_taken",
        "at": datetime(2026, 11, 22, 10, 0, 0),  # noqa: DTZ001 - as CSMS writes it
        "data": "{}",
    }
    with exchange.begin() as connection:
        connection.execute(insert(events), known | columns)


class TestHandingOver:
    def test_a_request_arrives_as_one_row_with_a_row_for_each_photo(
        self, desk: Desk, exchange: Engine
    ) -> None:
        assert desk.hand_over(READING) == Receipt()
        (row,) = rows(exchange, requests)
        assert json.loads(row["payload"]) == READING.payload
        assert {**row, "payload": ""} == {
            "request_no": "W2611221234560",
            "kind": "reading",
            "acct_no": LIN,
            "about": None,
            "payload": "",
            "created_at": datetime(2026, 11, 22, 9, 30, 5),  # noqa: DTZ001
            "private": None,
        }
        first, second = rows(exchange, request_files)
        assert (first["file_no"], second["file_no"]) == (1, 2)
        assert {**second, "file_no": 0} == {
            "request_no": "W2611221234560",
            "file_no": 0,
            "photo_id": PHOTOS[1].photo_id,
            "sha256": PHOTOS[1].sha256,
            "mime": "image/jpeg",
            "size_bytes": 204_802,
            "url": PHOTOS[1].url,
        }

    def test_times_are_written_as_shanghai_s_in_whole_seconds(
        self, desk: Desk, exchange: Engine
    ) -> None:
        desk.hand_over(replace(READING, at=datetime(2026, 11, 22, 17, 0, 0, 987_654, tzinfo=UTC)))
        (row,) = rows(exchange, requests)
        assert row["created_at"] == datetime(2026, 11, 23, 1, 0, 0)  # noqa: DTZ001

    def test_words_of_citizens_stay_readable(self, desk: Desk, exchange: Engine) -> None:
        said = {"details": "三楼𠮷先生\n“表在井里”😀\x01", "note": "x" * 5000}
        desk.hand_over(replace(READING, payload=said, files=(), acct_no="", about="BZ1"))
        (row,) = rows(exchange, requests)
        assert json.loads(row["payload"]) == said
        assert "三楼𠮷先生" in row["payload"]
        assert (row["acct_no"], row["about"]) == (None, "BZ1")

    def test_handing_over_twice_is_the_same_as_once(self, desk: Desk, exchange: Engine) -> None:
        links_anew = tuple(replace(photo, url=f"{photo.url}cd") for photo in PHOTOS)
        desk.hand_over(READING)
        before = rows(exchange, requests), rows(exchange, request_files)
        assert desk.hand_over(replace(READING, files=links_anew)) == Receipt()
        assert (rows(exchange, requests), rows(exchange, request_files)) == before

    def test_of_many_workers_at_once_one_hands_over_and_all_succeed(self, exchange: Engine) -> None:
        workers = [_open(exchange) for _ in range(WORKERS)]
        gate = Barrier(WORKERS)

        def hand_over(worker: SqlCsmsDesk) -> list[Receipt]:
            gate.wait(timeout=10)
            return [
                worker.hand_over(replace(READING, number=f"W{number:013}")) for number in range(10)
            ]

        with ThreadPoolExecutor(WORKERS) as pool:
            answers = list(pool.map(hand_over, workers))
        for worker in workers:
            worker.close()
        assert answers == [[Receipt()] * 10] * WORKERS
        assert len(rows(exchange, requests)) == 10
        assert len(rows(exchange, request_files)) == 20

    @pytest.mark.parametrize(
        ("change", "column"),
        [
            ({"number": "W" * 21}, "request_no"),
            ({"number": "Ｗ2611221234560"}, "request_no"),
            ({"acct_no": "31000000171"}, "acct_no"),
            ({"acct_no": "户号"}, "acct_no"),
            ({"about": "x" * 33}, "about"),
            ({"payload": {"value": math.nan}}, "payload"),
            ({"payload": {"details": "\ud800"}}, "payload"),
            ({"payload": {"at": AT}}, "payload"),
            ({"private": {"name": "\ud800"}}, "private"),
            ({"files": (replace(PHOTOS[0], url="https://x/" + "x" * 491),)}, "url"),
            ({"files": (replace(PHOTOS[0], url="https://x/\n"),)}, "url"),
            ({"files": (replace(PHOTOS[0], sha256="0" * 65),)}, "sha256"),
            ({"files": (PHOTOS[0], replace(PHOTOS[1], size_bytes=2**31))}, "size_bytes"),
        ],
    )
    def test_what_does_not_fit_its_column_is_refused_and_nothing_is_written(
        self, desk: Desk, exchange: Engine, change: dict[str, Any], column: str
    ) -> None:
        with pytest.raises(Rejected) as refused:
            desk.hand_over(replace(READING, **change))
        assert (refused.value.system, refused.value.code) == ("csms", "does_not_fit")
        assert str(refused.value).endswith(f".{column}")
        assert refused.value.__context__ is None
        assert rows(exchange, requests) == rows(exchange, request_files) == []

    def test_the_longest_values_fit(self, desk: Desk, exchange: Engine) -> None:
        longest = replace(PHOTOS[0], photo_id="f" * 32, mime="m" * 40, url="u" * 500)
        desk.hand_over(replace(READING, number="W" * 20, about="a" * 32, files=(longest,)))
        (row,) = rows(exchange, request_files)
        assert row["url"] == "u" * 500


class TestPrivateValues:
    TOLD: ClassVar = {"name": "阿依古丽·𠮷", "id_no": "11010519491231002X", "mobile": "13800001234"}

    def test_only_the_key_opens_what_csms_alone_may_read(
        self, desk: Desk, exchange: Engine
    ) -> None:
        desk.hand_over(replace(READING, private=self.TOLD))
        (row,) = rows(exchange, requests)
        assert opened(row["private"]) == self.TOLD
        assert row["private"].isascii()

    def test_they_stand_nowhere_in_clear(self, desk: Desk, exchange: Engine) -> None:
        desk.hand_over(replace(READING, private=self.TOLD))
        written = repr((rows(exchange, requests), rows(exchange, request_files)))
        assert [value for value in self.TOLD.values() if value in written] == []

    def test_without_a_key_such_a_request_is_refused_and_nothing_is_written(
        self, exchange: Engine
    ) -> None:
        with closing(_open(exchange, key="")) as keyless:
            with pytest.raises(Rejected) as refused:
                keyless.hand_over(replace(READING, private=self.TOLD))
            assert (refused.value.system, refused.value.code) == ("csms", "no_key")
            assert [value for value in self.TOLD.values() if value in str(refused.value)] == []
            assert rows(exchange, requests) == []
            keyless.hand_over(READING)
        assert len(rows(exchange, requests)) == 1


class TestEvents:
    def test_events_come_in_order_after_the_cursor_and_no_more_than_asked_for(
        self, desk: Desk, exchange: Engine
    ) -> None:
        for event_id in (7, 3, 2**40, 5):
            tell(exchange, event_id)
        assert [event.event_id for event in desk.events(3, 2)] == [5, 7]
        assert [event.event_id for event in desk.events(0, 10)] == [3, 5, 7, 2**40]
        assert list(desk.events(2**40, 10)) == []

    def test_an_event_says_what_became_of_a_request(self, desk: Desk, exchange: Engine) -> None:
        told = {"period": "2026-11", "value": 436, "volume_m3": "18", "text": "已按照片改正"}
        tell(
            exchange,
            9,
            kind="reading_modified",
            acct_no=LIN,
            request_no=READING.number,
            ext_no="CS1",
            data=json.dumps(told, ensure_ascii=False),
        )
        (event,) = desk.events(0, 10)
        assert (event.kind, event.acct_no, event.request_no) == (
            "reading_modified",
            LIN,
            READING.number,
        )
        assert (event.ext_no, event.data) == ("CS1", told)
        assert event.at == datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)
        assert event.at.utcoffset() == timedelta(hours=8)

    def test_what_an_event_leaves_open_is_empty(self, desk: Desk, exchange: Engine) -> None:
        tell(exchange, 1, acct_no="  ")
        (event,) = desk.events(0, 1)
        assert (event.acct_no, event.request_no, event.ext_no, event.data) == ("", "", "", {})

    @pytest.mark.parametrize(
        "data",
        ["", "{", "[]", "null", '{"value": NaN}', '{"text": "\\ud800"}', "[" * 100_000, "1" * 5000],
    )
    def test_an_event_whose_data_cannot_be_read_is_told_so_and_holds_up_nobody(
        self, desk: Desk, exchange: Engine, data: str
    ) -> None:
        tell(exchange, 1, kind="bill_opened", acct_no=LIN, data=data)
        tell(exchange, 2)
        broken, sound = desk.events(0, 10)
        assert (broken.event_id, broken.kind, broken.data) == (1, "unreadable", {})
        assert broken.acct_no == LIN
        assert sound.kind == "request_taken"

    def test_an_amount_that_was_written_as_a_number_never_becomes_a_float(
        self, desk: Desk, exchange: Engine
    ) -> None:
        tell(exchange, 1, kind="bill_opened", data='{"amount": 56.70, "volume_m3": 16}')
        (event,) = desk.events(0, 10)
        assert event.data == {"amount": "56.70", "volume_m3": 16}


def test_the_desk_answers_a_ping(desk: Desk) -> None:
    desk.ping()
