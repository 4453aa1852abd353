"""Photos of meters for whoever plays the citizen: drawn on demand, the same question the same
picture. The page offers them beside the phone's own photos."""

import threading
from dataclasses import replace
from functools import lru_cache

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from numpy.random import default_rng

from sandbox.control_body import BadRequest, number_in_query
from sandbox.meter_photos import MeterPhoto, PhotoFault, draw
from sandbox.meter_photos.spoil import not_an_image

MOST_DIGITS = 8
_LARGEST_SEED = 2.0**31
_LONGEST_METER_CODE = 14
_KEPT = 64
_CACHE_S = 3_600
_ANY_METER = MeterPhoto(0)
_JPEG_START = b"\xff\xd8\xff"

photos = Blueprint("photos", __name__)
# A photo is half a second of work: several at once would only slow the sandbox's answers.
_drawing = threading.Lock()


@photos.get("/meter")
def meter() -> ResponseReturnValue:
    spec, seed = _spec(), _whole("seed", 1, _LARGEST_SEED)
    with _drawing:
        made = _made(spec, seed)
    return Response(
        made, mimetype="image/jpeg", headers={"Cache-Control": f"private, max-age={_CACHE_S}"}
    )


def _spec() -> MeterPhoto:
    given = request.args
    code = given.get("meter_code", _ANY_METER.meter_code)
    if not code.isascii() or not code.isalnum() or len(code) > _LONGEST_METER_CODE:
        raise BadRequest(f"meter_code must be 1 to {_LONGEST_METER_CODE} letters and digits")
    fault = given.get("fault", PhotoFault.NONE.value)
    if fault not in {known.value for known in PhotoFault}:
        raise BadRequest("fault must be one of " + ", ".join(PhotoFault))
    digits = _whole("digits", _ANY_METER.digits, MOST_DIGITS)
    reading = _whole("reading", 0, 10.0**MOST_DIGITS)
    try:
        return MeterPhoto(reading, code, digits, fault=PhotoFault(fault))
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _whole(name: str, default: int, high: float) -> int:
    value = number_in_query(name, default, high)
    if not value.is_integer():
        raise BadRequest(f"{name} must be a whole number")
    return int(value)


@lru_cache(maxsize=_KEPT)
def _made(spec: MeterPhoto, seed: int) -> bytes:
    rng = default_rng(seed)
    if spec.fault is not PhotoFault.NOT_IMAGE:
        return draw(spec, rng)
    # What does not even begin like a picture the platform refuses by itself.
    photo = draw(replace(spec, fault=PhotoFault.NONE), rng)
    while not (made := not_an_image(photo, rng)).startswith(_JPEG_START):
        pass
    return made
