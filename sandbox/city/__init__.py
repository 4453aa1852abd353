"""The synthetic city: a reproducible stand-in for the billing system's exchange database 前置库."""

from sandbox.city.building import build
from sandbox.city.errors import CityError
from sandbox.city.summary import EDITION, CitySummary, Example, built_on, examples

__all__ = ["EDITION", "CityError", "CitySummary", "Example", "build", "built_on", "examples"]
