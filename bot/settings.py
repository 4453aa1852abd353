"""Settings: environment variables with the prefix WATERDESK_, or a `.env` file; refused when wrong.

A secret may also come from a file: WATERDESK_WECHAT_SECRET_FILE=/run/secrets/… instead of
WATERDESK_WECHAT_SECRET. `.env.example` lists every setting with its default.
"""

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from backends.ports import ProofFactor
from bot.setting_types import (
    AesKey,
    ApiV3Key,
    DatabaseUrl,
    DataKey,
    QueryPassword,
    RedisUrl,
    TemplateIds,
    Timezone,
    Token,
    TypedFactor,
)

PREFIX = "WATERDESK_"
SECRETS = (
    "WECHAT_SECRET",
    "WECHAT_TOKEN",
    "WECHAT_AES_KEY",
    "WECHAT_AES_KEY_PREVIOUS",
    "DATA_KEY",
    "DATA_KEY_PREVIOUS",
    "HOTLINE_SECRET",
    "CSMS_KEY",
    "PAY_APIV3_KEY",
)
HOUSE = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """Start-up is refused; one line per setting says which one and how to mend it."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    wechat_appid: str = Field(pattern=r"^[A-Za-z0-9_]{6,32}$")
    wechat_secret: SecretStr = Field(min_length=1)
    wechat_token: Token
    wechat_aes_key: AesKey = SecretStr("")
    wechat_aes_key_previous: AesKey = SecretStr("")
    wechat_account_id: str = ""
    wechat_mode: Literal["safe", "plain"] = "safe"
    wechat_api: str = Field("https://api.weixin.qq.com", pattern=r"^https?://")
    wechat_open: str = Field("https://open.weixin.qq.com", pattern=r"^https?://")

    redis_url: RedisUrl = "redis://127.0.0.1:6379/0"
    database_url: DatabaseUrl = "sqlite:///waterdesk.sqlite3"
    csms_url: DatabaseUrl
    csms_key: DataKey = SecretStr("")
    hotline_url: str = Field("", pattern=r"^$|^https?://")
    hotline_secret: SecretStr = SecretStr("")
    website_url: str = Field("", pattern=r"^$|^https?://")
    website_outages: str = Field("", pattern=r"^$|^off$|^https?://")
    website_quality: str = Field("", pattern=r"^$|^off$|^https?://")
    tariff_file: Path | None = None
    public_url: str = Field("http://127.0.0.1:8000", pattern=r"^https?://")
    media_dir: Path = Path("media")
    templates_dir: Path = HOUSE / "templates"
    data_key: DataKey = SecretStr("")
    data_key_previous: DataKey = SecretStr("")
    timezone: Timezone = "Asia/Shanghai"

    utility_name: str = "自来水公司"
    hotline: str = "12345"
    proof_factor: TypedFactor = ProofFactor.OWNER_NAME
    account_no_digits: int = Field(10, ge=4, le=20)
    account_no_check: bool = False
    proof_failures_allowed: int = Field(5, ge=1, le=20)
    proof_lock_hours: int = Field(24, ge=1, le=720)
    consent_version: int = Field(1, ge=1)
    query_password: QueryPassword = "optional"  # noqa: S105 - a mode, not a secret
    accounts_per_citizen: int = Field(10, ge=1, le=12)  # what a dialog record holds
    reading_days_before: int = Field(3, ge=1, le=15)
    reading_days_after: int = Field(1, ge=0, le=10)
    human_open: time = time(8, 30)
    human_close: time = time(17, 30)

    broker_url: str = Field("", pattern=r"^$|^\w+(\+\w+)?://", repr=False)
    push_templates: TemplateIds = {}
    push_subscriptions: TemplateIds = {}
    push_subscriptions_last: bool = False  # long-term templates: one acceptance is for good
    push_client_msg_id: bool = True
    push_daily_quota: int = Field(100_000, ge=1)
    push_reserve_percent: int = Field(40, ge=0, le=90)
    push_rate_per_s: float = Field(100.0, ge=0.1, le=10_000)
    push_concurrency: int = Field(16, ge=1, le=200)
    pushes_per_citizen: int = Field(8, ge=1, le=100)
    quiet_from: time = time(22)
    quiet_until: time = time(8)

    pay_mchid: str = Field("", pattern=r"^$|^\d{8,10}$")
    pay_key_file: Path | None = None
    pay_cert_serial: str = Field("", pattern=r"^$|^[0-9A-Fa-f]{40}$")
    pay_apiv3_key: ApiV3Key = SecretStr("")
    pay_public_key_file: Path | None = None
    pay_public_key_id: str = Field("", pattern=r"^$|^PUB_KEY_ID_\d+$")
    pay_cert_dir: Path | None = None
    pay_api: str = Field("https://api.mch.weixin.qq.com", pattern=r"^https?://")
    pay_order_minutes: int = Field(15, ge=5, le=120)
    pay_surplus: Literal["credit", "refund"] = "credit"
    pay_statement_dir: Path = Path("statements")

    clock_skew_s: int = Field(300, ge=60, le=300)  # answers are remembered for twice as long
    answer_within_s: float = Field(4.3, ge=0.5, le=4.5)
    late_within_s: float = Field(40.0, ge=5, le=300)
    turns_at_once: int = Field(256, ge=4, le=2000)
    waiting_at_once: int = Field(24, ge=1, le=1000)
    csms_connections: int = Field(16, ge=1, le=200)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def takes_payments(self) -> bool:
        return bool(self.pay_mchid)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def load_settings(environ: Mapping[str, str], *, env_file: Path | None = None) -> Settings:
    """SettingsError when one is missing or wrong."""
    values = {**read_env_file(env_file), **environ}
    given: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in values.items()
        if name.startswith(PREFIX) and value != ""
    }
    given.update(_secrets_from_files(values))
    try:
        settings = _OnlyWhatIsGiven(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_problem(item) for item in error.errors())) from None
    _contradictions(settings)
    return settings


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """Variables with our prefix that no setting has: misspelt, most likely."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{PREFIX}{secret}_FILE" for secret in SECRETS}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known)


def _contradictions(settings: Settings) -> None:
    if settings.wechat_mode == "safe" and not settings.wechat_aes_key.get_secret_value():
        raise SettingsError(
            f"{PREFIX}WECHAT_AES_KEY: needed in safe mode; "
            "copy EncodingAESKey from the console's server configuration"
        )
    if settings.human_open >= settings.human_close:
        raise SettingsError(f"{PREFIX}HUMAN_OPEN: must be before {PREFIX}HUMAN_CLOSE")
    if settings.takes_payments and (missing := _missing_for_payments(settings)):
        raise SettingsError(
            "\n".join(f"{PREFIX}{name}: needed beside {PREFIX}PAY_MCHID" for name in missing)
        )


def _missing_for_payments(settings: Settings) -> list[str]:
    """WeChat Pay's answers are checked by its public key, or by certificates in a folder."""
    by_key = settings.pay_public_key_file or settings.pay_public_key_id
    needed = {
        "PAY_KEY_FILE": settings.pay_key_file,
        "PAY_CERT_SERIAL": settings.pay_cert_serial,
        "PAY_APIV3_KEY": settings.pay_apiv3_key.get_secret_value(),
        "PAY_PUBLIC_KEY_FILE": settings.pay_public_key_file or settings.pay_cert_dir,
        "PAY_PUBLIC_KEY_ID": settings.pay_public_key_id or not by_key,
    }
    return [name for name, value in needed.items() if not value]


class _OnlyWhatIsGiven(Settings):
    """Reads nothing by itself: tests and tools decide what the environment is."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def read_env_file(path: Path | None) -> dict[str, str]:
    """NAME=value lines; an absent file is an empty one."""
    if path is None or not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def _secrets_from_files(values: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for secret in SECRETS:
        if path := values.get(f"{PREFIX}{secret}_FILE"):
            try:
                found[secret.lower()] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(
                    f"{PREFIX}{secret}_FILE: cannot read {path} as text ({type(error).__name__}); "
                    "check the path and its permissions"
                ) from None
    return found


def _problem(item: Any) -> str:
    name = PREFIX + str(item["loc"][0]).upper() if item["loc"] else PREFIX
    if item["type"] == "missing":
        return f"{name}: not set; .env.example says what it is"
    return f"{name}: {item['msg']}; .env.example says what it may be"
