"""The models worth offering, with what a person needs to choose: licence, size, languages, what each is good for.

Figures are those of open_clip's own tables (docs/openclip_results.csv and docs/openclip_retrieval_results.csv there):
ImageNet zero-shot top-1 and COCO text-to-image recall@1, in percent; None where these tables have no such row.
Only licences that allow any use are offered; MetaCLIP, NLLB-CLIP and MobileCLIP weights are not among them.
"""

from __future__ import annotations

from dataclasses import dataclass

ENGLISH = ("English",)
MULTILINGUAL = ("about 100 languages",)


@dataclass(frozen=True)
class CatalogEntry:
    """A model that can be downloaded.

    Attributes:
        architecture, pretrained: open_clip's names. `repository`: where the weights are on the model hub.
        parameters: millions, both towers. `download_bytes`: about, in fp32 as published.
        dimension: length of a vector. `imagenet`, `coco`: percent, see above.
        good_for: one sentence.
    """

    architecture: str
    pretrained: str
    repository: str
    licence: str
    parameters: float
    dimension: int
    languages: tuple[str, ...]
    good_for: str
    imagenet: float | None = None
    coco: float | None = None

    @property
    def name(self) -> str:
        return f"{self.architecture}/{self.pretrained}"

    @property
    def download_bytes(self) -> int:
        return int(self.parameters * 4_000_000)


CATALOG = (
    CatalogEntry(
        "ViT-B-32-256",
        "datacomp_s34b_b86k",
        "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K",
        "MIT",
        151.29,
        512,
        ENGLISH,
        "The best balance of speed and quality for a library in English.",
        72.8,
        39.9,
    ),
    CatalogEntry(
        "ViT-B-32-SigLIP2-256",
        "webli",
        "timm/ViT-B-32-SigLIP2-256",
        "Apache-2.0",
        376.86,
        768,
        MULTILINGUAL,
        "Better finds and many languages at nearly the same speed, for a larger download.",
    ),
    CatalogEntry(
        "ViT-B-16-SigLIP2",
        "webli",
        "timm/ViT-B-16-SigLIP2",
        "Apache-2.0",
        375.19,
        768,
        MULTILINGUAL,
        "Sees finer detail in many languages; indexing takes about three times as long.",
    ),
    CatalogEntry(
        "xlm-roberta-base-ViT-B-32",
        "laion5b_s13b_b90k",
        "laion/CLIP-ViT-B-32-xlm-roberta-base-laion5B-s13B-b90k",
        "MIT",
        366.12,
        512,
        MULTILINGUAL,
        "Many languages under the MIT licence.",
        62.4,
        37.8,
    ),
    CatalogEntry(
        "ViT-B-16",
        "datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K",
        "MIT",
        149.62,
        512,
        ENGLISH,
        "A little better than the default in English; indexing takes more than twice as long.",
        73.5,
        40.2,
    ),
    CatalogEntry(
        "ViT-L-14",
        "datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K",
        "MIT",
        427.62,
        768,
        ENGLISH,
        "Clearly better in English, for a fast machine or a small library; ten times the work.",
        79.2,
        45.7,
    ),
    CatalogEntry(
        "convnext_base_w",
        "laion2b_s13b_b82k_augreg",
        "laion/CLIP-convnext_base_w-laion2B-s13B-b82K-augreg",
        "MIT",
        179.39,
        640,
        ENGLISH,
        "A convolutional network; good at finding photographs by long descriptions.",
        71.5,
        43.0,
    ),
    CatalogEntry(
        "ViT-B-32",
        "laion2b_s34b_b79k",
        "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
        "MIT",
        151.28,
        512,
        ENGLISH,
        "The classic; a little faster and a little less exact than the default.",
        66.6,
        39.3,
    ),
)
DEFAULT = CATALOG[0]


def entry(name: str) -> CatalogEntry | None:
    """The entry called `architecture/pretrained`, or just `architecture`, in any letter case."""
    wanted = name.casefold()
    for candidate in CATALOG:
        if wanted in (candidate.name.casefold(), candidate.architecture.casefold()):
            return candidate
    return None
