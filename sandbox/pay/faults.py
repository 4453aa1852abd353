"""The fault switches of WeChat Pay and of web authorisation."""

from dataclasses import dataclass

PAID_CODES = ("ORDERPAID", "ORDER_PAID", "INVALID_REQUEST")

RATES = frozenset(
    {"limited_rate", "error_rate", "accepted_rate", "reset_rate", "lost_answer_rate"}
    | {"probe_rate"}
    | {"notice_loss_rate", "notice_twice_rate", "notice_parallel_rate"}
    | {"tampered_rate", "wrong_serial_rate", "old_rate", "foreign_key_rate", "signtest_rate"}
    | {"refund_abnormal_rate", "refund_closed_rate"}
)
RANGES = {
    "query_lag_s": (0.0, 86_400.0),
    "notice_after_s": (0.0, 86_400.0),
    "notice_spread_s": (0.0, 86_400.0),
    "refund_after_s": (0.0, 864_000.0),
}
CHOICES = {"paid_code": PAID_CODES}


@dataclass(frozen=True, slots=True)
class PayFaults:
    """Rates of calls: `limited` 429, `error` 500, `accepted` 202 and `reset` (the connection
    breaks) before anything is done; `lost_answer`: it breaks afterwards; `probe`: carried out, and
    the answer's signature does not fit. Rates of notifications: never sent, sent again after
    success, two at once; and of forged ones that come before the true one. Times go by the
    sandbox's clock. `paid_code`: how prepay and close say that an order is paid, which nobody
    confirms. `certificates`: notifications, and answers to whoever names no key, are signed by the
    platform certificate."""

    limited_rate: float = 0.0
    error_rate: float = 0.0
    accepted_rate: float = 0.0
    reset_rate: float = 0.0
    lost_answer_rate: float = 0.0
    probe_rate: float = 0.0
    notice_loss_rate: float = 0.0
    notice_twice_rate: float = 0.0
    notice_parallel_rate: float = 0.0
    tampered_rate: float = 0.0
    wrong_serial_rate: float = 0.0
    old_rate: float = 0.0
    foreign_key_rate: float = 0.0
    signtest_rate: float = 0.0
    refund_abnormal_rate: float = 0.0
    refund_closed_rate: float = 0.0
    query_lag_s: float = 0.0
    notice_after_s: float = 1.0
    notice_spread_s: float = 0.0
    refund_after_s: float = 60.0
    paid_code: str = PAID_CODES[0]
    certificates: bool = False
    http_notify: bool = True
    not_enough: bool = False
    card_refused: bool = False
    snapshot_user: bool = False
    bill_late: bool = False
    bill_row_missing: bool = False
    bill_row_extra: bool = False
    bill_amount_differs: bool = False
    bill_foreign_refund: bool = False
    bill_bad_hash: bool = False
    bill_truncated: bool = False
    bill_comma: bool = False
    bill_bom: bool = False
