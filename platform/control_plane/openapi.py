"""The API's description as the web app's client is generated from it, with the roles that each operation asks for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from control_plane.key_calls import READING
from control_plane.permissions import ALLOWED, PART_OF_LEAVING, scope_of

ROLES_KEY = "x-roles"
SCOPE_KEY = "x-scope"
LEAVING_KEY = "x-part-of-leaving"
"""True of what changes something, and still goes in a tenant that leaves."""


class DescribedApi(FastAPI):
    """A FastAPI application whose description says which roles may carry out what."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document; operations inside a tenant name the roles and the scope that they ask for."""
        if self.openapi_schema is None:
            for methods in super().openapi()["paths"].values():
                for method, operation in methods.items():
                    allowed = ALLOWED.get(operation["operationId"])
                    if allowed is not None:
                        operation[ROLES_KEY] = sorted(allowed)
                        scope = scope_of(operation["operationId"])
                        if scope is not None:
                            operation[SCOPE_KEY] = scope
                    if operation["operationId"] in PART_OF_LEAVING:
                        operation[LEAVING_KEY] = True
                    if allowed is not None and method.upper() not in READING:
                        _describe_conflict(operation)
                    _describe_refusals(operation)
        return super().openapi()


def _describe_conflict(operation: dict[str, Any]) -> None:
    # In a tenant that is being closed, or while the same request is being carried out, nothing is changed.
    responses = operation["responses"]
    if "409" not in responses:
        conflict = {"description": HTTPStatus.CONFLICT.phrase, "content": responses["404"]["content"]}
        operation["responses"] = dict(sorted((responses | {"409": conflict}).items()))


def _describe_refusals(operation: dict[str, Any]) -> None:
    # FastAPI describes every answer in the type of the good one; a refusal is JSON, of a stream and of a file too.
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if int(status) >= HTTPStatus.BAD_REQUEST and content:
            answer["content"] = {"application/json": next(iter(content.values()))}
