"""Synthetic photos of water meters with a known reading and known faults; see docs/photos.md."""

from sandbox.meter_photos.photo import draw, same_again
from sandbox.meter_photos.spec import MeterPhoto, PhotoFault

__all__ = ["MeterPhoto", "PhotoFault", "draw", "same_again"]
