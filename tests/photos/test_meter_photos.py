"""The generator: the same photo from the same seed, faults as asked for, files by command."""

import hashlib
from pathlib import Path

import pytest
from numpy.random import default_rng
from typer.testing import CliRunner

from sandbox.meter_photos import MeterPhoto, PhotoFault, draw, some_meter
from sandbox.meter_photos.__main__ import app
from sandbox.meter_photos.spec import look_of
from sandbox.meter_photos.wheels import positions
from tests.photos.conftest import opened

GPS_IFD = 0x8825


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_photo() -> None:
    one, again, other = (
        hashlib.sha256(draw(MeterPhoto(1234), default_rng(seed))).hexdigest() for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other


def test_a_meter_looks_the_same_in_all_its_photos() -> None:
    assert look_of("05244103302664") == look_of("05244103302664")
    assert look_of("05244103302664") != look_of("05244103302672")


@pytest.mark.parametrize(
    ("reading", "digits", "litres"), [(100_000, 5, 0), (10_000, 4, 0), (-1, 5, 0), (1, 5, 1000)]
)
def test_a_reading_has_to_fit_the_wheels(reading: int, digits: int, litres: int) -> None:
    with pytest.raises(ValueError, match=r"digits|litres"):
        MeterPhoto(reading, digits=digits, litres=litres)


def test_any_meter_has_a_code_of_14_digits() -> None:
    for number in range(200):
        spec = some_meter(default_rng(number))
        assert len(spec.meter_code) == 14
        assert spec.meter_code.isdecimal()
        assert spec.reading < 10**spec.digits


def test_the_command_writes_photos_whose_names_say_the_reading(tmp_path: Path) -> None:
    out = tmp_path / "photos"
    done = CliRunner().invoke(app, [str(out), "--count", "2", "--seed", "3", "--gps"])
    assert done.exit_code == 0, done.output
    first, second = sorted(out.iterdir())
    assert first.name.startswith("none-0000-")
    assert int(second.stem.split("-")[2]) == some_meter(default_rng([3, 1])).reading
    assert opened(first.read_bytes()).getexif().get_ifd(GPS_IFD)


def test_the_command_writes_files_that_are_no_photos_as_such(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [str(tmp_path), "--count", "1", "--fault", "not_image"])
    assert done.exit_code == 0, done.output
    assert [path.suffix for path in tmp_path.iterdir()] == [".bin"]


def test_a_fault_that_is_no_file_fault_is_still_a_jpeg() -> None:
    photo = draw(MeterPhoto(7, fault=PhotoFault.TOO_SMALL, severity=1.0), default_rng(4))
    assert opened(photo).format == "JPEG"
    assert max(opened(photo).size) < 200


def test_wheels_half_turned_show_two_digits() -> None:
    assert positions(MeterPhoto(1250, litres=382))[4] == (0, 0.0)
    assert positions(MeterPhoto(1250, litres=957))[4] == (0, 0.57)
    assert positions(MeterPhoto(1999, litres=950))[1:5] == [(1, 0.5), (9, 0.5), (9, 0.5), (9, 0.5)]
