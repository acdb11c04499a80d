"""Reads the query string of a list as the list itself would, for the export of the same rows."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_origin, get_type_hints
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from control_plane.payments.filters import read_payment_filters
from control_plane.users.filters import read_user_filters
from lumenpay.exports.errors import ExportInvalidError
from lumenpay.exports.service import Filters
from lumenpay.models.exports import ExportKind

_PAGING = ("page", "size", "sort")
"""A file has all rows, in the order in which they came."""


def _model(read: Callable[..., Filters]) -> type[BaseModel]:
    hints = get_type_hints(read, include_extras=True)
    fields: dict[str, Any] = {
        name: (hints[name], parameter.default) for name, parameter in inspect.signature(read).parameters.items()
    }
    return create_model(read.__name__, __config__=ConfigDict(extra="forbid"), **fields)


_READERS: dict[ExportKind, Callable[..., Filters]] = {
    ExportKind.SUBSCRIBERS: read_user_filters,
    ExportKind.PAYMENTS: read_payment_filters,
}
_MODELS = {kind: _model(read) for kind, read in _READERS.items()}


def read_query(kind: ExportKind, query: str) -> Filters:
    """Return the filters that the query string of a list means; page, size and sort are passed over.

    Raises:
        ExportInvalidError: The list would refuse it, or has no such parameter.
    """
    try:
        given = parse_qs(query.removeprefix("?"), keep_blank_values=False, strict_parsing=False, max_num_fields=100)
    except ValueError as error:
        raise ExportInvalidError(fields={"query": "malformed"}) from error
    model = _MODELS[kind]
    values = {
        name: found if _takes_many(model, name) else found[-1] for name, found in given.items() if name not in _PAGING
    }
    try:
        parsed = model.model_validate(values)
    except ValidationError as error:
        names = {str(problem["loc"][0]) if problem["loc"] else "" for problem in error.errors()}
        raise ExportInvalidError(fields={"query": f"invalid: {', '.join(sorted(names))}"[:128]}) from error
    return _READERS[kind](**{name: getattr(parsed, name) for name in model.model_fields})


def _takes_many(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and any(get_origin(part) is list for part in get_args(field.annotation))
