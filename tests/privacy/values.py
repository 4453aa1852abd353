"""Whose data it is that must not be found: what the citizens of the story type, and their papers.

What the city has on file and a citizen types to prove an account is added by the story.
"""

import io
from collections.abc import Mapping

import numpy as np
from numpy.random import default_rng
from PIL import Image, ImageDraw, ImageFilter

VALUES: Mapping[str, str] = {
    "her name": "欧阳若兮",
    "her ID number": "11010519491231002X",
    "her new mobile": "13812345678",
    "her e-mail": "ruoxi.ouyang@example.com",
    "her password": "135792",
    "her second password": "864203",
    "the buyer's name": "赫连青崖",
    "the buyer's ID number": "530102199003071238",
    "the buyer's mobile": "13700001111",
    "the stranger's name": "慕容听雪",
    "the stranger's ID number": "530102198512154328",
    "the stranger's mobile": "15987654321",
    "the company's name": "云川市澄澈试制贸易有限公司",
    "the company's code": "91350100M000100Y43",
    "the company's mobile": "18611223344",
    "a mobile in passing": "17755667788",
    "a bank card in passing": "6222021234567890123",
    "an e-mail in passing": "zhidao@example.org",
    "the mobile in EXIF": "13655554444",
}
_ARTIST, _DESCRIPTION, _GPS = 0x013B, 0x010E, 0x8825


def _paper(seed: int) -> bytes:
    """A card on a table, or a page, as a phone takes it: sharp, light, with the position."""
    rng = default_rng(seed)
    picture = Image.new("RGB", (1440, 1080), (96, 84, 70))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((150, 130, 1290, 950), 30, fill=(226, 230, 234))
    for _ in range(260):
        x, y, wide = (int(n) for n in rng.integers((190, 170, 8), (1200, 900, 60)))
        pen.rectangle((x, y, x + wide, y + 10), fill=tuple(int(n) for n in rng.integers(20, 90, 3)))
    left, top = (int(n) for n in rng.integers(200, 700, 2))
    pen.ellipse((left, top, left + 300, top + 220), fill=(120, 90, 80))
    soft = picture.filter(ImageFilter.GaussianBlur(0.8))
    noisy = np.asarray(soft) + rng.normal(0, 4, (1080, 1440, 1))
    exif = Image.Exif()
    exif[_ARTIST] = VALUES["her name"]
    exif[_DESCRIPTION] = f"tel {VALUES['the mobile in EXIF']}"
    exif.get_ifd(_GPS)[1] = "N"
    exif.get_ifd(_GPS)[2] = (25.0, 2.0, 24.3)
    out = io.BytesIO()
    sheet = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    sheet.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


PAPERS: Mapping[str, bytes] = {
    name: _paper(seed)
    for seed, name in enumerate(("her ID card, front", "her ID card, back", "her certificate"))
}
