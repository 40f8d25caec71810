"""Being quiet: idle priority, and knowing whether the computer runs on its battery."""

from __future__ import annotations

import logging
import os
import sys

log = logging.getLogger(__name__)


def on_battery() -> bool:
    """Whether the computer is unplugged. False where there is no battery or it cannot be known."""
    import psutil

    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, RuntimeError, ValueError):  # no sensors on this system, or nonsense from them
        return False
    return battery is not None and battery.power_plugged is False


def lower_priority() -> None:
    """Give this process, and those it starts, what CPU and disk time nobody else wants. Best effort.

    `SEMBLANCE_PRIORITY=normal` in the environment lets it take its share.
    """
    if os.environ.get("SEMBLANCE_PRIORITY") == "normal":
        return
    import psutil

    process = psutil.Process()
    try:
        if sys.platform == "win32":
            process.nice(psutil.IDLE_PRIORITY_CLASS)
            process.ionice(psutil.IOPRIO_VERYLOW)
        else:
            process.nice(19)
            if hasattr(process, "ionice"):
                process.ionice(psutil.IOPRIO_CLASS_IDLE)
    except (psutil.Error, OSError) as error:
        log.info("the priority could not be lowered: %s", error)
