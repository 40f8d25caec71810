"""Importing LanceDB without its cloud: a local table needs none of the REST client's 400 generated classes.

They are most of the time `import lancedb` takes (0.6 of 1.1 s on a quiet machine, measured with 0.40), and a search
from the command line pays it. While LanceDB is being imported, modules of that client are empty stand-ins whose every
name is a fresh class: enough for annotations and base classes, which is all that local code uses them for. Should a
LanceDB version need more, the stand-ins are taken back and it is imported in full.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence
from typing import Any

_CLIENT = "lance_namespace_urllib3_client"


class _StandIn(types.ModuleType):
    __path__: list[str] = []  # noqa: RUF012 - a package to the import system

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname == _CLIENT or fullname.startswith(_CLIENT + "."):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        del module


def import_lancedb() -> None:
    """Import LanceDB, lightly and quietly; nothing happens when it is there already."""
    if "lancedb" in sys.modules:
        return
    os.environ.setdefault("LANCEDB_LOG", "error")  # read at import: one warning per query otherwise
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        importlib.import_module("lancedb")
    except (ImportError, TypeError, AttributeError):
        sys.meta_path.remove(finder)
        _forget("lancedb", "lance_namespace", _CLIENT)
        importlib.import_module("lancedb")
    else:
        sys.meta_path.remove(finder)


def _forget(*packages: str) -> None:
    for name in list(sys.modules):
        if name.split(".", 1)[0] in packages:
            del sys.modules[name]
