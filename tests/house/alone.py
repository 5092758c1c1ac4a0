"""Imports modules and looks for instances at their top. Prints what went wrong.

Arguments: JSON of module name -> names assigned at its top; then "alone" to import each in a fork of its own,
with the libraries loaded once before. Run as a script from the folder that holds the modules.
"""

from __future__ import annotations

import contextvars
import datetime
import enum
import importlib
import json
import logging
import os
import pathlib
import re
import sys
import traceback
import types
from collections.abc import Iterable, Mapping

import aiohttp.web
import pydantic
from sqlalchemy.sql import ClauseElement

# Loaded once here, so that each child need not.
HEAVY = ("aiortc", "openpyxl", "pyhanko.sign", "reportlab.platypus", "sqlalchemy.ext.asyncio", "sqlmodel")
# Constants, types, keys, loggers and statements; everything else at the top of a module is an instance.
PLAIN = (str, bytes, int, float, bool, type(None), re.Pattern, pathlib.PurePath, enum.Enum, range)
TIMES = (datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo)
TYPES = (
    type,
    types.GenericAlias,
    types.UnionType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.ModuleType,
)
KEYS = (aiohttp.web.AppKey, aiohttp.web.RequestKey, logging.Logger, contextvars.ContextVar, ClauseElement)
FORMS = frozenset({"typing", "functools", "_struct", "operator"})
# Values of libraries that cannot say of themselves that nobody changes them: styles, colours, names, bindings.
VALUES = frozenset({"Color", "EnumTypeWrapper", "Lib", "ObjectIdentifier", "ParagraphStyle", "TableStyle"})


def is_constant(value: object) -> bool:
    """Whether the value cannot change, or is a plain table of such values."""
    if (
        isinstance(value, (*PLAIN, *TIMES, *TYPES, *KEYS))
        or type(value).__module__ in FORMS
        or type(value).__name__ in VALUES
    ):
        return True
    if isinstance(value, Mapping):
        return all(is_constant(item) for pair in value.items() for item in pair)
    if isinstance(value, tuple | frozenset | list | set):
        return all(is_constant(item) for item in value)
    if isinstance(value, pydantic.BaseModel):
        return bool(value.model_config.get("frozen"))
    parameters = getattr(type(value), "__dataclass_params__", None)
    return bool(parameters and parameters.frozen)


def instances(name: str, assigned: Iterable[str]) -> list[str]:
    """What stands at the module's top and should not."""
    own = vars(importlib.import_module(name))
    return [
        f"{name}.{key} is a module-level {type(own[key]).__name__}"
        for key in assigned
        if key in own and not key.startswith("__") and not is_constant(own[key])
    ]


def look(name: str, assigned: Iterable[str]) -> list[str]:
    """The findings of one module, also when it does not import."""
    try:
        return instances(name, assigned)
    except Exception:  # whatever it is, it is the finding
        return [f"{name} does not import alone:\n{traceback.format_exc(limit=-3)}"]


def together(modules: Mapping[str, list[str]]) -> None:
    """All in this process."""
    for name, assigned in modules.items():
        for line in look(name, assigned):
            print(line, flush=True)


def one_by_one(modules: Mapping[str, list[str]]) -> None:
    """One child per module, one after the other."""
    for library in HEAVY:
        importlib.import_module(library)
    for name, assigned in modules.items():
        child = os.fork()
        if child == 0:
            for line in look(name, assigned):
                print(line, flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print(f"{name} ended its process", flush=True)


if __name__ == "__main__":
    sys.path[0] = str(pathlib.Path.cwd())
    act = one_by_one if sys.argv[2:] == ["alone"] else together
    act(json.loads(sys.argv[1]))
