"""The image tower in bf16 but for its first half, where all of it in bf16 strays too far from the original.

What the first layers round is carried through all that follow, and convolutional towers begin with few channels: the
first half in fp32 takes most of the error away and costs a third of what bf16 gains. The runtime keeps a layer's
precision where the graph says "precise" of it; the numbers are those of the converted tower.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

from app.models.manifest import CONVERSION_VERSION

MIXED_IMAGE_TOWER = f"image-mixed-{CONVERSION_VERSION}.xml"
_MATRIX_OPERATIONS = frozenset({"Convolution", "GroupConvolution", "MatMul"})
# Constants, and the conversions behind which half-precision weights stand.
_CONSTANT_OPERATIONS = frozenset({"Const", "Convert"})


def write_mixed_precision_tower(tower: Path) -> Path:
    """Write the mixed tower's graph beside the converted one; its path.

    Raises:
        ValueError: there is nothing to halve.
    """
    graph = ElementTree.parse(tower)
    layers = list(graph.iterfind("layers/layer"))
    products = [number for number, layer in enumerate(layers) if layer.get("type") in _MATRIX_OPERATIONS]
    if len(products) < 2:
        raise ValueError("the image tower is too small")
    # Up to a product, so that whatever the runtime fuses with the one before is of one precision with it.
    for layer in layers[: products[len(products) // 2]]:
        if layer.get("type") not in _CONSTANT_OPERATIONS:
            _mark_fp32(layer)
    target = tower.with_name(MIXED_IMAGE_TOWER)
    for old in (target, target.with_suffix(".bin")):
        old.unlink(missing_ok=True)
    try:
        os.link(tower.with_suffix(".bin"), target.with_suffix(".bin"))
    except OSError:  # a drive without links
        shutil.copyfile(tower.with_suffix(".bin"), target.with_suffix(".bin"))
    graph.write(target, encoding="utf-8", xml_declaration=True)
    return target


def _mark_fp32(layer: ElementTree.Element) -> None:
    notes = layer.find("rt_info")
    if notes is None:
        notes = ElementTree.Element("rt_info")
        layer.insert(0 if layer.find("data") is None else 1, notes)
    notes.append(ElementTree.Element("attribute", {"name": "precise", "version": "0"}))
