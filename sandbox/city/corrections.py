from typing import Any


def write_corrections(sink: Any, chunk: Any, bills: Any, numbering: Any) -> None: ...
