"""How WeChat Pay refuses: an HTTP status, a code, words, and for a wrong field which one."""

from collections.abc import Mapping
from typing import Any


class PayError(Exception):
    def __init__(
        self, status: int, code: str, message: str, detail: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.detail = detail

    def as_json(self) -> dict[str, Any]:
        shown = {"code": self.code, "message": str(self)}
        return {**shown, "detail": self.detail} if self.detail else shown


def bad_field(field: str, value: object, issue: str, location: str = "body") -> PayError:
    """`field` as a path in the request, like `/amount/total`."""
    text = "" if value is None else str(value)
    detail = {"field": field, "value": text[:256], "issue": issue, "location": location}
    return PayError(400, "PARAM_ERROR", f"参数错误：{issue}", detail)


def invalid(message: str) -> PayError:
    return PayError(400, "INVALID_REQUEST", message)


def too_often(message: str = "频率超限，请降低频率后重试") -> PayError:
    return PayError(429, "FREQUENCY_LIMITED", message)
