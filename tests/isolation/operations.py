"""Every operation of the API's own description, with the places where an id can be put."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from control_plane.app import describe_api

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Slot:
    """A place for an id: `where` is path, query or body, `name` is that of the parameter or field.

    `steps.plan_ids` is the field of the first one of a list of the body's.
    """

    where: str
    name: str
    is_list: bool = False

    @property
    def noun(self) -> str:
        """What the id is of: `plan_ids` takes ids of the kind `plan_id`."""
        name = self.name.rpartition(".")[2]
        return name.removesuffix("s") if self.is_list else name

    def put_into(self, body: dict[str, Any], value: object) -> dict[str, Any]:
        """Return the body with the value in this place."""
        outer, _, name = self.name.rpartition(".")
        put = {name: [value] if self.is_list else value}
        if not outer:
            return body | put
        first, *rest = body[outer]
        return body | {outer: [first | put, *rest]}


@dataclass(frozen=True)
class Operation:
    """One operation."""

    id: str
    method: str
    path: str
    has_body: bool
    slots: tuple[Slot, ...]
    path_names: tuple[str, ...] = field(default=())

    @property
    def is_in_tenant(self) -> bool:
        return "{tenant_id}" in self.path and not self.is_of_staff

    @property
    def is_of_staff(self) -> bool:
        """Whether it belongs to the console, which is not there for tenants."""
        return self.path.startswith("/api/v1/staff/")


@lru_cache(maxsize=1)
def list_operations() -> Mapping[str, Operation]:
    """Return every operation by its id, from a description made without any server."""
    document = describe_api()
    found = [
        _read(document, path, method, described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
        if method in _METHODS
    ]
    assert len({operation.id for operation in found}) == len(found)
    return {operation.id: operation for operation in found}


def _read(document: Mapping[str, Any], path: str, method: str, described: Mapping[str, Any]) -> Operation:
    parameters = described.get("parameters", [])
    slots = [
        Slot(parameter["in"], parameter["name"], is_list=is_list)
        for parameter in parameters
        for _, is_list in _ids(document, parameter["schema"])
    ]
    body = described.get("requestBody", {}).get("content", {})
    # A file is no body with ids in it.
    body = {kind: content for kind, content in body.items() if kind == "application/json"}
    for schema in (content["schema"] for content in body.values()):
        slots += [Slot("body", name, is_list=is_list) for name, is_list in _ids(document, schema)]
    names = tuple(parameter["name"] for parameter in parameters if parameter["in"] == "path")
    return Operation(described["operationId"], method.upper(), path, bool(body), tuple(slots), names)


def _ids(
    document: Mapping[str, Any], schema: Mapping[str, Any], name: str = "", *, is_list: bool = False
) -> Iterator[tuple[str, bool]]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("format") == "uuid":
        yield name, is_list
    for part in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from _ids(document, part, name, is_list=is_list)
    if "items" in schema:
        yield from _ids(document, schema["items"], name, is_list=True)
    for field_name, part in schema.get("properties", {}).items():
        # Bodies are flat, or have a list of flat things; anything deeper needs a way to say where the id stands.
        is_reached = not name or (is_list and "." not in name)
        assert is_reached or "uuid" not in str(part), f"an id inside {name}: teach the walk to reach it"
        yield from _ids(document, part, f"{name}.{field_name}" if name else field_name)
