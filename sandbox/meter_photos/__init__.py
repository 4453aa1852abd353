"""Synthetic photos of water meters with a known reading and known faults; see docs/photos.md."""

from sandbox.meter_photos.photo import draw, draw_twice, same_again
from sandbox.meter_photos.spec import MeterPhoto, PhotoFault, some_meter

__all__ = ["MeterPhoto", "PhotoFault", "draw", "draw_twice", "same_again", "some_meter"]
