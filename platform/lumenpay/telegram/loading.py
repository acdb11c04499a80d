"""aiogram's types, each made ready when it is first used.

While it is imported, aiogram makes a validator for each of its three hundred types, and each of them holds most of the
others: half of what a process of ours takes to start. A process needs a dozen of them, in milliseconds each.
"""

from __future__ import annotations

import importlib
import sys

from pydantic import BaseModel

_TYPES = "aiogram.types"


def load_aiogram() -> None:
    """Import aiogram's types; for the start of a process, before anything else imports them. Once is enough."""
    if _TYPES in sys.modules:
        return
    # A method of pydantic's is exchanged for the time of one import.
    rebuild = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(_rebuild_later)  # type: ignore[assignment,method-assign,arg-type]  # no type allows it
    try:
        types = importlib.import_module(_TYPES)
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]  # no type allows it
    names = {name: getattr(types, name) for name in types.__all__}
    for thing in names.values():
        # The annotations of each module name types of the others, which aiogram hands over only while it rebuilds.
        module = sys.modules.get(getattr(thing, "__module__", ""))
        if module is not None and module.__name__.startswith(f"{_TYPES}."):
            vars(module).update({name: value for name, value in names.items() if name not in vars(module)})
    types.Update.model_rebuild()


def _rebuild_later(cls: type[BaseModel], **_: object) -> None:
    """Stand in for pydantic's `model_rebuild`, which it calls by itself when a model is first used."""
