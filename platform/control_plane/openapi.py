"""The API's description as the web app's client is generated from it, with the roles that each operation asks for."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from control_plane.permissions import ALLOWED

ROLES_KEY = "x-roles"


def describe(api: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document; operations inside a tenant name the roles that may carry them out."""
    if api.openapi_schema is None:
        document = get_openapi(title=api.title, version=api.version, routes=api.routes)
        for methods in document["paths"].values():
            for operation in methods.values():
                allowed = ALLOWED.get(operation["operationId"])
                if allowed is not None:
                    operation[ROLES_KEY] = sorted(allowed)
        api.openapi_schema = document
    return api.openapi_schema
