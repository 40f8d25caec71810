"""Which seat an image tower gets: the fastest that agrees with the reference, and is worth leaving the CPU for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from app.model.agreement import compare, images_acceptable, same_results, texts_acceptable
from app.model.info import Measurement, ModelInfo, Seat
from app.model.open_clip_engine import OpenClipEncoder
from app.model.openvino_engine import OpenVinoEncoder
from app.model.probing import Probe, Progress, rate
from app.model.seats import finite, keep_proof, noted, open_image_tower

log = logging.getLogger(__name__)

# What is hardly faster is not worth a second runtime, or waking a graphics card.
_GAIN = 1.1


def choose_seat(
    info: ModelInfo, seats: Sequence[Seat], probe: Probe, progress: Progress, *, all_of_them: bool = False
) -> ModelInfo:
    """The model with the best seat, its measurements those before and those of the seats.

    A device's next precision is tried where the one before does not agree, or for `all_of_them`.
    """
    if not seats:
        return info
    present = info.chosen
    tried: list[Measurement] = []
    for number, seat in enumerate(seats):
        if all_of_them or not any(one.accepted and one.device == seat.device for one in tried):
            progress(f"Trying {seat.precision} ({seat.device})", 0.9 + 0.1 * number / len(seats))
            tried += _try(info, seat, probe)
    keep_proof(info, probe.pixels, probe.images)
    info = replace(info, measurements=(*info.measurements, *tried))
    best = max((one for one in tried if one.accepted), key=lambda one: one.images_per_second, default=None)
    if best is None or present is None or best.images_per_second < _GAIN * present.images_per_second:
        return info
    return replace(info, seat=best.seat, device=best.device)


def _try(info: ModelInfo, seat: Seat, probe: Probe) -> list[Measurement]:
    """The measurement of a seat; none, and a line in the log, where it cannot be taken."""
    try:
        with noted(info.folder, seat), closing(_sit(info, seat)) as encoder:
            images, words = finite(encoder.encode_images(probe.pixels)), encoder.encode_texts(probe.texts)
            agreement = compare(images, words, probe.images, probe.words)
            speed = rate(encoder.encode_images, probe.pixels), rate(encoder.encode_texts, probe.texts)
    except Exception:  # drivers raise what they like
        log.info("%s cannot run on %s", info.name, seat, exc_info=True)
        return []
    # Texts on the CPU were found to agree when their precision was chosen.
    texts = texts_acceptable(seat.precision if seat.runtime == "torch" else info.text_precision, agreement)
    accepted = images_acceptable(seat.precision, agreement) and texts and same_results(agreement)
    return [Measurement(seat.runtime, seat.precision, *speed, agreement, accepted, seat.device)]


def _sit(info: ModelInfo, seat: Seat) -> Any:
    if seat.runtime == "torch":
        return OpenClipEncoder(replace(info, runtime="torch"), device=seat.device)
    return OpenVinoEncoder(info, towers=("text",), image=open_image_tower(info, seat))
