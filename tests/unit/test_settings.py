"""Settings: what is wrong is refused at the start, with the variable's name and what to do."""

from pathlib import Path

import pytest

from bot.parts import feed_addresses
from bot.settings import PREFIX, SECRETS, Settings, SettingsError, load_settings
from tests.service import AES_KEY, PREVIOUS_AES_KEY

REQUIRED = {
    "WECHAT_APPID": "wx0123456789abcdef",
    "WECHAT_SECRET": "5ec2e7a1b2c3d4e5",
    "WECHAT_TOKEN": "watertoken",
    "WECHAT_AES_KEY": AES_KEY,
    "CSMS_URL": "mssql+pyodbc://reader:pw-of-csms@db/csms",
}


def load(env_file: Path | None = None, **changed: str | None) -> Settings:
    values = {**REQUIRED, **changed}
    given = {PREFIX + name: value for name, value in values.items() if value is not None}
    return load_settings(given, env_file=env_file)


def refusal(**changed: str | None) -> str:
    with pytest.raises(SettingsError) as refused:
        load(**changed)
    return str(refused.value)


def test_the_required_ones_are_enough() -> None:
    settings = load()
    assert settings.wechat_mode == "safe"
    assert settings.clock_skew_s == 300


@pytest.mark.parametrize("name", sorted(REQUIRED.keys() - {"WECHAT_AES_KEY"}))
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_empty_required_setting_is_named(name: str, value: str | None) -> None:
    assert refusal(**{name: value}) == f"WATERDESK_{name}: not set; .env.example says what it is"


def test_all_that_is_missing_is_said_at_once() -> None:
    told = refusal(**dict.fromkeys(REQUIRED)).splitlines()
    assert [line.split(":")[0] for line in told] == [
        f"WATERDESK_{name}" for name in REQUIRED if name != "WECHAT_AES_KEY"
    ]


def test_safe_mode_needs_a_key_and_plain_mode_does_not() -> None:
    assert "copy EncodingAESKey from the console" in refusal(WECHAT_AES_KEY=None)
    assert load(WECHAT_AES_KEY=None, WECHAT_MODE="plain").wechat_mode == "plain"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("WECHAT_APPID", "wx 1", "pattern"),
        ("WECHAT_TOKEN", "ab", "3 to 32 letters and digits"),
        ("WECHAT_TOKEN", "water token", "3 to 32 letters and digits"),
        ("WECHAT_TOKEN", "w" * 33, "3 to 32 letters and digits"),
        ("WECHAT_AES_KEY", AES_KEY[:-1], "43 letters and digits"),
        ("WECHAT_AES_KEY", "!" * 43, "43 letters and digits"),
        ("WECHAT_AES_KEY", "水" * 43, "43 letters and digits"),
        ("WECHAT_AES_KEY_PREVIOUS", "short", "43 letters and digits"),
        ("WECHAT_MODE", "compatible", "'safe' or 'plain'"),
        ("WECHAT_API", "api.weixin.qq.com", "https?://"),
        ("PUBLIC_URL", "water.example.com", "https?://"),
        ("REDIS_URL", "127.0.0.1:6379", "redis"),
        ("DATABASE_URL", "waterdesk.sqlite3", "://"),
        ("CSMS_URL", "Driver={ODBC Driver 18};Server=db", "://"),
        ("TIMEZONE", "Asia/Beijing", "Asia/Shanghai"),
        ("TIMEZONE", "../../etc/passwd", "Asia/Shanghai"),
        ("PROOF_FACTOR", "shoe_size", "'owner_name'"),
        ("PROOF_FACTOR", "documents", "a citizen can type"),
        ("ACCOUNT_NO_DIGITS", "3", "greater than or equal to 4"),
        ("ACCOUNT_NO_DIGITS", "ten", "integer"),
        ("ACCOUNT_NO_CHECK", "perhaps", "boolean"),
        ("PROOF_FAILURES_ALLOWED", "0", "greater than or equal to 1"),
        ("PROOF_LOCK_HOURS", "1000", "less than or equal to 720"),
        ("CONSENT_VERSION", "0", "greater than or equal to 1"),
        ("ACCOUNTS_PER_CITIZEN", "13", "less than or equal to 12"),
        ("HUMAN_OPEN", "25:00", "time"),
        ("HUMAN_CLOSE", "five", "time"),
        ("CLOCK_SKEW_S", "0", "greater than or equal to 60"),
        ("ANSWER_WITHIN_S", "5", "less than or equal to 4.5"),
        ("ANSWER_WITHIN_S", "nan", "4.5"),
        ("LATE_WITHIN_S", "1", "greater than or equal to 5"),
        ("TURNS_AT_ONCE", "1", "greater than or equal to 4"),
        ("WAITING_AT_ONCE", "0", "greater than or equal to 1"),
        ("CSMS_CONNECTIONS", "0", "greater than or equal to 1"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_what_would_do(
    name: str, value: str, remedy: str
) -> None:
    told = refusal(**{name: value})
    assert told.startswith(f"WATERDESK_{name}: ")
    assert remedy in told
    assert told.endswith("; .env.example says what it may be")


def test_hours_in_which_nobody_would_ever_answer_are_refused() -> None:
    told = refusal(HUMAN_OPEN="18:00", HUMAN_CLOSE="09:00")
    assert "WATERDESK_HUMAN_OPEN" in told
    assert "before WATERDESK_HUMAN_CLOSE" in told


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_may_come_from_a_file_which_wins_over_the_variable(
    secret: str, tmp_path: Path
) -> None:
    value = PREVIOUS_AES_KEY if "AES" in secret else "SecretOfAFile1234SecretOfAFile12"
    (tmp_path / "secret").write_text(f"{value}\n")
    settings = load(**{f"{secret}_FILE": str(tmp_path / "secret")})
    assert getattr(settings, secret.lower()).get_secret_value() == value


def test_a_data_key_that_could_be_guessed_is_refused() -> None:
    assert "WATERDESK_DATA_KEY: Value error, must be 32 or more" in refusal(DATA_KEY="water")


@pytest.mark.parametrize("secret", ["WECHAT_SECRET", "WECHAT_TOKEN"])
def test_an_empty_secret_file_is_refused(secret: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n")
    assert f"WATERDESK_{secret}" in refusal(**{f"{secret}_FILE": str(tmp_path / "secret")})


def test_a_secret_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")
    told = refusal(WECHAT_SECRET_FILE=missing)
    assert told.startswith("WATERDESK_WECHAT_SECRET_FILE: cannot read")
    assert "check the path and its permissions" in told
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert "text" in refusal(WECHAT_SECRET_FILE=str(tmp_path / "binary"))


def test_the_environment_wins_over_the_file_and_other_variables_are_left_alone(
    tmp_path: Path,
) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\n\nWATERDESK_HOTLINE=962001\nWATERDESK_UTILITY_NAME = '滨河水务'\nPATH=x\n",
        encoding="utf-8",
    )
    assert load(file).utility_name == "滨河水务"
    assert load(file).hotline == "962001"
    assert load(file, HOTLINE="962002").hotline == "962002"


def test_settings_never_show_a_secret() -> None:
    secrets = {
        "WECHAT_SECRET": "SecretA5ec2e7a1",
        "WECHAT_TOKEN": "SecretB5ec2e7a1",
        "WECHAT_AES_KEY": AES_KEY,
        "WECHAT_AES_KEY_PREVIOUS": PREVIOUS_AES_KEY,
        "DATA_KEY": "SecretC5ec2e7a1" * 3,
        "REDIS_URL": "redis://:pw-of-redis@127.0.0.1/0",
        "DATABASE_URL": "postgresql+psycopg://me:pw-of-records@db/x",
    }
    settings = load(**secrets)
    for shown in (repr(settings), str(settings), f"{settings!r}"):
        for secret in (*secrets.values(), "pw-of-redis", "pw-of-records", "pw-of-csms"):
            assert secret not in shown


def test_a_refusal_never_shows_a_secret() -> None:
    told = refusal(
        WECHAT_TOKEN="Secret token!",
        WECHAT_AES_KEY="SecretKey",
        REDIS_URL="amqp://:pw-of-redis@127.0.0.1",
        DATABASE_URL="pw-of-records",
    )
    for secret in ("Secret token", "SecretKey", "pw-of"):
        assert secret not in told


def test_the_feeds_are_the_websites_unless_said_otherwise() -> None:
    site = "https://www.example.com/water/"
    assert feed_addresses(load(WEBSITE_URL=site)) == {
        "outages": "https://www.example.com/water/feeds/outages.json",
        "quality": "https://www.example.com/water/feeds/quality.json",
    }
    elsewhere = "https://rss.example.com/1"
    said = {"WEBSITE_OUTAGES": elsewhere, "WEBSITE_QUALITY": "off"}
    assert feed_addresses(load(WEBSITE_URL=site, **said)) == {"outages": elsewhere}
    assert feed_addresses(load(**said)) == {}
