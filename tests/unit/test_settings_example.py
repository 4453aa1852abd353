"""`.env.example` says what every setting is: none missing, none invented, each default true."""

import re
from datetime import time
from enum import Enum
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import HOUSE, PREFIX, SECRETS, Settings, SettingsError, load_settings
from tests.service import AES_KEY

EXAMPLE = HOUSE / ".env.example"
_SETTING = re.compile(rf"(# )?{PREFIX}([A-Z0-9_]+)=(.*)")
WRITTEN = {
    match[2]: (match[1] is None, match[3])
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines()
    if (match := _SETTING.fullmatch(line))
}
REQUIRED = {"WECHAT_AES_KEY"} | {
    name.upper() for name, field in Settings.model_fields.items() if field.is_required()
}


def test_it_lists_exactly_the_settings_there_are() -> None:
    assert WRITTEN.keys() == {name.upper() for name in Settings.model_fields}


def test_the_required_ones_are_open_lines_marked_as_required_and_no_others() -> None:
    assert {name for name, (is_open, _) in WRITTEN.items() if is_open} == REQUIRED
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for name in WRITTEN:
        above = lines[next(n for n, line in enumerate(lines) if f"{PREFIX}{name}=" in line) - 1]
        assert above.startswith("# Required") == (name in REQUIRED), name


@pytest.mark.parametrize("name", sorted(WRITTEN.keys() - REQUIRED - {"TEMPLATES_DIR"}))
def test_each_default_is_the_one_in_force(name: str) -> None:
    default = Settings.model_fields[name.lower()].default
    assert WRITTEN[name][1] == _as_written(default)


def test_every_setting_has_a_line_of_meaning_above_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if match := _SETTING.fullmatch(line):
            above = lines[number - 1]
            shared = match[2] in ("HUMAN_CLOSE", "QUIET_UNTIL")  # one line explains both ends
            assert shared or (above.startswith("# ") and not _SETTING.fullmatch(above)), line


def test_it_names_every_secret_that_may_come_from_a_file() -> None:
    introduction = EXAMPLE.read_text(encoding="utf-8").split("# ---")[0]
    assert set(SECRETS) <= set(re.findall(r"[A-Z0-9_]+", introduction.replace(PREFIX, "")))
    assert "_FILE" in introduction


def test_copied_and_filled_in_it_is_a_working_file(tmp_path: Path) -> None:
    mine = {"WECHAT_APPID": "wx0123456789abcdef", "WECHAT_SECRET": "s3cret", "WECHAT_TOKEN": "tok"}
    mine |= {"WECHAT_AES_KEY": AES_KEY, "CSMS_URL": "sqlite:///csms.sqlite3"}
    lines = EXAMPLE.read_text(encoding="utf-8").replace(f"# {PREFIX}", PREFIX).splitlines()
    file = tmp_path / ".env"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SettingsError):
        load_settings({}, env_file=file)
    filled = [line + mine.get(line.removeprefix(PREFIX).removesuffix("="), "") for line in lines]
    file.write_text("\n".join(filled), encoding="utf-8")
    assert load_settings({}, env_file=file).wechat_appid == "wx0123456789abcdef"


def _as_written(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case bool():
            return str(value).lower()
        case Enum():
            return str(value.value)
        case time():
            return value.strftime("%H:%M")
        case dict():
            return ",".join(f"{name}:{its_id}" for name, its_id in value.items())
        case float():
            return f"{value:g}"
        case None:
            return ""
        case _:
            return str(value)
