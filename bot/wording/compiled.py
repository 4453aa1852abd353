"""Compiled templates, kept for the process: a template is checked before it is taken up, and a test
run builds many services from the same files; compiling is what costs.
"""

import hashlib
import json
from collections.abc import Mapping
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

MOST = 4000
_CODE: dict[tuple[str, str, str], CodeType] = {}


class Compiled(BytecodeCache):
    """One for each table of values: Jinja works out at compile time what a filter makes of a
    constant, so that the same text may compile to something else beside other values."""

    def __init__(self, values: Mapping[str, Mapping[str, str]]) -> None:
        text = json.dumps(values, sort_keys=True, ensure_ascii=False)
        self._values = hashlib.sha256(text.encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _CODE.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if len(_CODE) >= MOST:
            _CODE.clear()
        if bucket.code is not None:
            _CODE[self._key(bucket)] = bucket.code

    def _key(self, bucket: Bucket) -> tuple[str, str, str]:
        return self._values, bucket.key, bucket.checksum
