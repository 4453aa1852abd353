"""Several citizens on one phone: what they say that no page need show being typed; their papers."""

import io
import re
from dataclasses import dataclass

import requests
from numpy.random import Generator, default_rng
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OFTEN_ENOUGH_MS, Phone
from tests.browser.demo import Demo

_INK, _PAPER, _TABLE = "#24303c", "#f4f1e6", "#8a7b66"
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ 23456789 "
_drawn = default_rng(7)


@dataclass(frozen=True, slots=True)
class Person:
    demo: Demo
    phone: Phone
    openid: str

    def takes_phone(self) -> None:
        self.phone.page.get_by_test_id("citizen-select").select_option(self.openid)

    def says(self, *texts: str) -> None:
        for text in texts:
            self._send({"type": "text", "content": text})

    def sends(self, *photos: bytes) -> None:
        base = f"{self.demo.api}/citizens/{self.openid}"
        for photo in photos:
            kept = requests.post(f"{base}/photos", files={"photo": photo}, timeout=10)
            self._send({"type": "image", "media_id": kept.json()["media_id"]})

    def binds(self, acct_no: str, owner: str) -> None:
        """As the owner, who keeps the paper bill: nothing is to be changed at CSMS."""
        self.says("绑定户号", "同意", acct_no, owner, "绑好了", "1", "确认绑定")
        self.phone.hears("绑定成功")

    def gives_number(self) -> str:
        """Of what was just submitted."""
        self.phone.hears("受理号 W")
        found = re.search(r"受理号 (W\d+)", self.phone.bubbles("account").last.inner_text())
        assert found is not None
        return found[1]

    def is_told(self, text: str, more: str = "") -> None:
        """By itself, once the worker has come by; in one bubble."""
        told = self.told(text).filter(has_text=more).last
        expect(told).to_be_visible(timeout=OFTEN_ENOUGH_MS)

    def told(self, text: str) -> Locator:
        return self.phone.bubbles("account").filter(has_text=text)

    def _send(self, message: dict[str, str]) -> None:
        sent = requests.post(
            f"{self.demo.api}/citizens/{self.openid}/send", json=message, timeout=10
        )
        sent.raise_for_status()


def somebody(demo: Demo, phone: Phone, name: str) -> Person:
    """Who has just followed, and holds the phone."""
    phone.new_citizen(name)
    return Person(demo, phone, phone.page.get_by_test_id("citizen-select").input_value())


def paper() -> bytes:
    """A photo of a sheet with print on it, each time another one."""
    return _sheet(_drawn)


def meter(demo: Demo, meter_code: str, reading: int) -> bytes:
    asked = {"meter_code": meter_code, "reading": str(reading), "seed": str(_drawn.integers(9**6))}
    return requests.get(f"{demo.api}/photos/meter", params=asked, timeout=20).content


def _sheet(rng: Generator) -> bytes:
    image = Image.new("RGB", (1000, 700), _TABLE)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((60, 40, 940, 660), 24, fill=_PAPER)
    print_ = ImageFont.load_default(52)
    for top in range(90, 600, 100):
        words = "".join(rng.choice(list(_LETTERS), size=int(rng.integers(12, 22))))
        draw.text((120, top), words, fill=_INK, font=print_)
    corner = tuple(int(at) for at in rng.integers((120, 120), (600, 400)))
    draw.ellipse((*corner, corner[0] + 160, corner[1] + 160), outline="#b03a2e", width=9)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
