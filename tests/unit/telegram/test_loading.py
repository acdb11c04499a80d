"""aiogram's types that are made ready when they are first used are those that aiogram makes."""

from __future__ import annotations

import subprocess
import sys

import aiogram.methods
import aiogram.types
from pydantic import BaseModel

_COUNT = """
from lumenpay.telegram.loading import load_aiogram
load_aiogram()
from aiogram import types
from pydantic import BaseModel
models = [vars(types)[name] for name in types.__all__ if isinstance(vars(types)[name], type)]
print(sum(model.__pydantic_complete__ for model in models if issubclass(model, BaseModel)))
print(BaseModel.model_rebuild.__func__.__module__)
"""


def _models(package: object) -> list[type[BaseModel]]:
    things = [vars(package)[name] for name in vars(package)["__all__"]]
    return [thing for thing in things if isinstance(thing, type) and issubclass(thing, BaseModel)]


def test_every_type_and_method_can_be_made_ready() -> None:
    models = _models(aiogram.types) + _models(aiogram.methods)
    assert len(models) > 400
    for model in models:
        model.model_rebuild()
        assert model.__pydantic_complete__, model


def test_few_are_made_ready_at_the_start_and_pydantic_is_left_as_it_was() -> None:
    complete, owner = subprocess.run(
        [sys.executable, "-c", _COUNT], capture_output=True, text=True, check=True
    ).stdout.split()
    assert int(complete) < 30
    assert owner == "pydantic.main"
