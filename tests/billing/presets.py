"""The shipped presets as the server reads them: what deploy/tariffs.toml has commented out, too."""

import re
from pathlib import Path

from bot.tariff_file import read_tariffs
from dialogs.billing.tariff import Tariff, Tariffs
from tests.shape.conftest import ROOT

SHIPPED = ROOT / "deploy/tariffs.toml"
CITIES = {"上海": "shanghai", "北京": "beijing", "深圳": "shenzhen", "广州": "guangzhou"}
_SECTION = re.compile(r"^# ---- (\S\S)[^\n]*----$", re.MULTILINE)
_COMMENTED_OUT = re.compile(r"^# (?=\[|\w+ = )", re.MULTILINE)


def presets(folder: Path) -> dict[str, Tariff]:
    """City → its list. `folder` is for the files that are made on the way."""
    _, *parts = _SECTION.split(SHIPPED.read_text(encoding="utf-8"))
    found = {}
    for chinese, text in zip(parts[::2], parts[1::2], strict=True):
        if chinese in CITIES:
            path = folder / f"{CITIES[chinese]}.toml"
            path.write_text(_COMMENTED_OUT.sub("", text), encoding="utf-8")
            (found[CITIES[chinese]],) = read_tariffs(path).tariffs
    return found


def shipped() -> Tariffs:
    return read_tariffs(SHIPPED)
