"""Photos of meters drawn for whoever plays the citizen."""

import io

from PIL import Image

from tests.sandbox.client import Control

METER = "/sandbox/api/photos/meter"


def test_a_photo_of_any_reading_is_drawn_and_is_the_same_when_asked_again(control: Control) -> None:
    first = control.http.get(f"{METER}?reading=698&meter_code=06230000002573&seed=4")
    again = control.http.get(f"{METER}?reading=698&meter_code=06230000002573&seed=4")
    other = control.http.get(f"{METER}?reading=698&meter_code=06230000002573&seed=5")
    assert first.content_type == "image/jpeg"
    assert min(Image.open(io.BytesIO(first.data)).size) >= 600
    assert first.data == again.data != other.data


def test_what_is_no_picture_begins_like_one_so_that_the_platform_takes_it(
    control: Control,
) -> None:
    openid = control.follower()
    for seed in (1, 2):
        broken = control.http.get(f"{METER}?reading=698&fault=not_image&seed={seed}").data
        taken = control.upload(f"/sandbox/api/citizens/{openid}/photos", "photo", broken)
        assert taken.get_json()["media_id"]


def test_a_photo_that_no_meter_could_give_is_refused_in_words(control: Control) -> None:
    for query, said in (
        ("reading=100000", "a reading of 5 digits"),
        ("reading=1.5", "reading must be a whole number"),
        ("reading=1&fault=ugly", "fault must be one of none, blurred"),
        ("reading=1&meter_code=<b>", "meter_code must be"),
        ("reading=-1", "reading must be a number"),
        ("reading=1&digits=99", "digits must be a number"),
    ):
        answer = control.http.get(f"{METER}?{query}")
        assert answer.status_code == 400
        assert said in answer.get_json()["error"]
