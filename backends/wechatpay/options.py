"""How WeChat Pay is reached, and as whom."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayOptions:
    """`api_url`: everything before /v3. `cert_serial`: of the merchant's certificate. Answers are
    checked by the public key, by the certificates in `cert_dir`, or by both. `read_timeout_s` holds
    for a whole answer, `bill_timeout_s` for a whole trade bill. `now_s`: epoch seconds."""

    api_url: str
    mchid: str
    appid: str
    key_file: Path
    cert_serial: str
    apiv3_key: str = field(repr=False)
    public_key_file: Path | None = None
    public_key_id: str = ""
    cert_dir: Path | None = None
    notify_url: str
    refund_notify_url: str
    connect_timeout_s: float = 2.0
    read_timeout_s: float = 5.0
    bill_timeout_s: float = 600.0
    pool_size: int = 16
    max_answer_bytes: int = 1_048_576
    max_bill_bytes: int = 1_073_741_824
    now_s: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
