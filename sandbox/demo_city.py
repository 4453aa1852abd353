"""The synthetic city of a demo's folder: built when it is missing or was asked for otherwise, and
restored when the last demo was killed while its views were away."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sandbox import city
from sandbox.city_hints import city_hints
from sandbox.config import Hint
from sandbox.csms_switch import CsmsSwitch


@dataclass(frozen=True, slots=True)
class Wish:
    accounts: int
    seed: int


@dataclass(frozen=True, slots=True)
class DemoCity:
    database: Path
    hints: tuple[Hint, ...]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"


def prepare(folder: Path, wish: Wish, today: date, tell: Callable[[str], None]) -> DemoCity:
    database, label = folder / "city.sqlite3", folder / "city.json"
    url = f"sqlite:///{database}"
    built = {**asdict(wish), "edition": city.EDITION}
    if not database.exists() or _read(label) != built:
        label.unlink(missing_ok=True)
        # A journal of the old file would be played back into the new one.
        database.with_name(f"{database.name}-journal").unlink(missing_ok=True)
        tell(f"正在建造一座有 {wish.accounts:,} 户的城市（种子 {wish.seed}）…")
        city.build(url, wish.accounts, wish.seed, as_of=today)
        # Last, so that a city whose building was broken off is built anew.
        label.write_text(json.dumps(built), "utf-8")
    CsmsSwitch(database).restore()
    return DemoCity(database, city_hints(city.examples(url)))


def _read(label: Path) -> object:
    try:
        return json.loads(label.read_text("utf-8"))
    except (OSError, ValueError):
        return None
