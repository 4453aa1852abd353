"""A small templates folder for tests: written, broken and mended as customer service would."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from bot.wording.render import Renderer
from bot.wording.templates import TemplateFiles
from bot.wording.words import read_contract, read_values

CONTRACT = """
[samples]
bills = [{ period = "2026-07", amount = 56.70 }, { period = "2026-09", amount = 1.5 }]
[replies."d/hello"]
name = "张*"
[replies."d/bills"]
bills = "@bills"
[replies."common/bad.choice"]
[replies."common/page_hint"]
page = 1
pages = 2
"""
WORDS = """
numbered_menu = []
[titles]
d = "打招呼"
[keywords]
d = ["打招呼"]
[commands]
[options]
[values.role]
owner = "户主"
"""
REPLIES = {
    "d/hello": "您好，{{ name }}。",
    "d/bills": "{% for bill in bills %}\n{{ bill.period | period }} {{ bill.amount | money }}元\n"
    "{% endfor %}",
    "common/bad.choice": "没有看懂。",
    "common/page_hint": "（第{{ page }}/{{ pages }}页）",
}


@dataclass
class Folder:
    """`edit` also moves the file's date on: two edits within a tick of the disk's clock are rare
    in an office and usual in a test."""

    path: Path
    ticks: int = 0
    now_s: float = field(default=0.0)

    def __post_init__(self) -> None:
        (self.path / "contract.toml").write_text(CONTRACT, encoding="utf-8")
        (self.path / "words.toml").write_text(WORDS, encoding="utf-8")
        for name, text in REPLIES.items():
            self.edit(name, text)

    def edit(self, name: str, text: str | bytes) -> None:
        self.ticks += 1
        path = self.path / "replies" / f"{name}.j2"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        os.utime(path, (1_700_000_000 + self.ticks, 1_700_000_000 + self.ticks))

    def files(self) -> TemplateFiles:
        return TemplateFiles(self.path, read_contract(self.path), read_values(self.path))

    def renderer(self, files: TemplateFiles) -> Renderer:
        """`now_s` is its clock."""
        return Renderer(files, monotonic=lambda: self.now_s, refresh_every_s=5.0)
