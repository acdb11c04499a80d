"""The gateway's error answers: a status, a code and the parameter to blame."""

from typing import Any
from uuid import uuid4


class ApiError(Exception):
    """An answer of the gateway that is not a success."""

    def __init__(self, status: int, code: str, description: str, parameter: str | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description
        self.parameter = parameter

    def body(self) -> dict[str, Any]:
        """Return the error object; every answer gets an id of its own, as support would ask for."""
        error = {"type": "error", "id": str(uuid4()), "code": self.code, "description": self.description}
        if self.parameter is not None:
            error["parameter"] = self.parameter
        return error


def invalid(description: str, parameter: str) -> ApiError:
    """Build the 400 for a value that breaks the rules."""
    return ApiError(400, "invalid_request", description, parameter)


def not_supported(description: str, parameter: str) -> ApiError:
    """Build the 400 for a documented feature that this shop (or this stand-in) does not offer."""
    return ApiError(400, "not_supported", description, parameter)


def forbidden(description: str, parameter: str | None = None) -> ApiError:
    """Build the 403 for an operation that the credentials do not allow."""
    return ApiError(403, "forbidden", description, parameter)


def not_found(parameter: str) -> ApiError:
    """Build the 404 that says the same for an absent object and for another shop's object."""
    return ApiError(404, "not_found", f"No object with this {parameter} exists in the shop", parameter)


def unauthorized() -> ApiError:
    """Build the 401 for missing or wrong credentials."""
    return ApiError(401, "invalid_credentials", "Wrong shop id or secret key", "Authorization")
