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
    qualified_name = f"{package}.{name}"
    if qualified_name in sys.modules:
        return sys.modules[qualified_name]
    package_spec = importlib.util.find_spec(package)
    search_paths = list(package_spec.submodule_search_locations or ()) if package_spec is not None else []
    spec = importlib.machinery.PathFinder.find_spec(qualified_name, search_paths)
    if spec is None or spec.loader is None:
        raise ImportError(f"{qualified_name} is not installed")
    module = importlib.util.module_from_spec(spec)
    sys.modules[qualified_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(qualified_name, None)
        raise
    return module
