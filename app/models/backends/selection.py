"""Which seat an image tower gets: the fastest that agrees with the reference, and is worth leaving the CPU for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from app.models.backends.device_benchmark import ProbeSet, Progress, throughput
from app.models.backends.open_clip import OpenClipEncoder
from app.models.backends.openvino import OpenVinoEncoder
from app.models.backends.targets import crash_guard, open_image_tower, require_finite, save_golden_vectors
from app.models.convert.parity import compare_vectors, images_acceptable, same_retrieval, texts_acceptable
from app.models.manifest import ExecutionTarget, Measurement, ModelInfo

log = logging.getLogger(__name__)

# What is hardly faster is not worth a second runtime, or waking a graphics card.
_GAIN = 1.1


def choose_target(
    info: ModelInfo, seats: Sequence[ExecutionTarget], probe: ProbeSet, progress: Progress, *, all_of_them: bool = False
) -> ModelInfo:
    """The model with the best seat, its measurements those before and those of the seats.

    A device's next precision is tried where the one before does not agree, or for `all_of_them`.
    """
    if not seats:
        return info
    cpu_measurement = info.chosen
    measured: list[Measurement] = []
    for number, seat in enumerate(seats):
        if all_of_them or not any(
            measurement.accepted and measurement.device == seat.device for measurement in measured
        ):
            progress(f"Trying {seat.precision} ({seat.device})", 0.9 + 0.1 * number / len(seats))
            measured += _try(info, seat, probe)
    save_golden_vectors(info, probe.pixels, probe.images)
    info = replace(info, measurements=(*info.measurements, *measured))
    best = max(
        (measurement for measurement in measured if measurement.accepted),
        key=lambda measurement: measurement.images_per_second,
        default=None,
    )
    if best is None or cpu_measurement is None or best.images_per_second < _GAIN * cpu_measurement.images_per_second:
        return info
    return replace(info, seat=best.seat, device=best.device)


def _try(info: ModelInfo, seat: ExecutionTarget, probe: ProbeSet) -> list[Measurement]:
    """The measurement of a seat; none, and a line in the log, where it cannot be taken."""
    try:
        with crash_guard(info.folder, seat), closing(_encoder_on(info, seat)) as encoder:
            images, words = require_finite(encoder.encode_images(probe.pixels)), encoder.encode_texts(probe.texts)
            agreement = compare_vectors(images, words, probe.images, probe.words)
            speed = throughput(encoder.encode_images, probe.pixels), throughput(encoder.encode_texts, probe.texts)
    except Exception:  # drivers raise what they like
        log.info("%s cannot run on %s", info.name, seat, exc_info=True)
        return []
    # Texts on the CPU were found to agree when their precision was chosen.
    texts = texts_acceptable(seat.precision if seat.runtime == "torch" else info.text_precision, agreement)
    accepted = images_acceptable(seat.precision, agreement) and texts and same_retrieval(agreement)
    return [Measurement(seat.runtime, seat.precision, *speed, agreement, accepted, seat.device)]


def _encoder_on(info: ModelInfo, seat: ExecutionTarget) -> Any:
    if seat.runtime == "torch":
        return OpenClipEncoder(replace(info, runtime="torch"), device=seat.device)
    return OpenVinoEncoder(info, towers=("text",), image=open_image_tower(info, seat))
