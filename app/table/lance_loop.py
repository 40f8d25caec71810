"""The one event loop in which all questions to LanceDB are worked on, so that several are at the same time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, TypeVar

_Result = TypeVar("_Result")


async def call_in_loop(ask: Any, *arguments: object, **options: object) -> Any:
    """LanceDB's own awaitables begin when they are called, and that must be in the loop."""
    return await ask(*arguments, **options)


def run_in_loop(answer: Coroutine[Any, Any, _Result]) -> _Result:
    """The answer; waits for it.

    Raises:
        RuntimeError: also where LanceDB's compiled half panicked, which it does on some damaged files.
    """
    return wait_for(asyncio.run_coroutine_threadsafe(answer, loop()))


def wait_for(future: Future[_Result]) -> _Result:
    """The result of a future of the loop."""
    try:
        return future.result()
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # no Exception, and of no module that can be imported
            raise RuntimeError(f"LanceDB panicked: {error}") from error
        future.cancel()  # Ctrl-C: nobody waits any more
        raise


@lru_cache(maxsize=1)
def loop() -> asyncio.AbstractEventLoop:
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="LanceDBBackground-reading", daemon=True).start()
    return made
