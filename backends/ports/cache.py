"""State that all workers share."""

from typing import Protocol


class SharedCache(Protocol):
    """Small strings with a lifetime, seen by every worker. Never raises: when the store is gone,
    reads answer None and writes are dropped."""

    def get(self, key: str) -> str | None: ...

    def set(self, key: str, value: str, ttl_s: float) -> None: ...

    def add(self, key: str, value: str, ttl_s: float) -> bool | None:
        """Set only when absent. True when set, False when it stood already, None: store gone."""
        ...

    def delete_if(self, key: str, value: str) -> None:
        """Delete only while it still holds this value (compare-and-invalidate)."""
        ...

    def count(self, key: str, ttl_s: float) -> int:
        """Add one and return the new count; the lifetime starts with the first. 0: store gone."""
        ...
