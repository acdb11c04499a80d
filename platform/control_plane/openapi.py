"""The API's description as the web app's client is generated from it, with the roles that each operation asks for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from control_plane.permissions import ALLOWED

ROLES_KEY = "x-roles"


class DescribedApi(FastAPI):
    """A FastAPI application whose description says which roles may carry out what."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document; operations inside a tenant name the roles that may carry them out."""
        if self.openapi_schema is None:
            for methods in super().openapi()["paths"].values():
                for operation in methods.values():
                    allowed = ALLOWED.get(operation["operationId"])
                    if allowed is not None:
                        operation[ROLES_KEY] = sorted(allowed)
                    _describe_refusals(operation)
        return super().openapi()


def _describe_refusals(operation: dict[str, Any]) -> None:
    # FastAPI describes every answer in the type of the good one; a refusal is JSON, of a stream and of a file too.
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if int(status) >= HTTPStatus.BAD_REQUEST and content:
            answer["content"] = {"application/json": next(iter(content.values()))}
