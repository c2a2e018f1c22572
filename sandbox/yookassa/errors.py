"""The provider's errors."""

from datetime import datetime
from typing import Any

from sandbox.yookassa.ids import error_id

CODES = {
    400: "invalid_request",
    401: "invalid_credentials",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal_server_error",
}


class ApiError(Exception):
    """An answer other than 200. ``parameter`` names the field or header that is wrong, if one is."""

    def __init__(self, status: int, description: str, parameter: str = "") -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameter = parameter

    def body(self, now: datetime) -> dict[str, Any]:
        body = {
            "type": "error",
            "id": error_id(now),
            "code": CODES[self.status],
            "description": self.description,
        }
        return {**body, "parameter": self.parameter} if self.parameter else body


def invalid(parameter: str, description: str) -> ApiError:
    return ApiError(400, description, parameter)
