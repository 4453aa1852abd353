"""Cards 卡片: what a template message or subscription notice shows of a notice.

Enters: the kind of a notice and its view. Leaves: a card whose values fit WeChat's keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """`name`: of its file in templates/pushes/, and in the settings that give it a template's id.
    `data`: key of the template → value. `page`: what /go/<page> it leads to, '' for none."""

    name: str
    data: Mapping[str, str]
    page: str
