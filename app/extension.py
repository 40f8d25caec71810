"""Loading the compiled half of a package without its Python half, which may take ten times as long to import."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from typing import Any


def load_extension(package: str, name: str) -> Any:
    """The module `package.name`, loaded without `package` where that is not imported yet.

    It is the one that `import package` uses from then on: an extension may be initialised only once in a process.
    """
    full = f"{package}.{name}"
    if full in sys.modules:
        return sys.modules[full]
    found = importlib.util.find_spec(package)
    places = list(found.submodule_search_locations or ()) if found is not None else []
    spec = importlib.machinery.PathFinder.find_spec(full, places)
    if spec is None or spec.loader is None:
        raise ImportError(f"{full} is not installed")
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(full, None)
        raise
    return module
