"""What labelled photos tell about tags: which labels of the vocabulary are right, and which are surely wrong.

A class label such as "carton of apple juice" names a few labels of the vocabulary (juice, drink). It says nothing of
the rest of the picture, so that only groups count as judged in which the collection's photos show nothing else:
a photo of the grocery collection shows no animal and no other food than the one it is named after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.tags.vocabulary import Vocabulary

EVERYWHERE_ABSENT = ("animals", "food", "documents", "activities", "events")
_JUDGED: dict[str, tuple[str, ...]] = {
    "sports22": ("activities", "animals", "food", "documents"),
    "caltech101": ("animals", "food", "objects", "documents", "events", "plants"),
    "pacs": ("animals", "style", "food", "documents", "events"),
    "grocery": ("people", "food", "animals", "documents", "activities", "events"),
    "instruments": ("objects", "animals", "food", "documents", "plants"),
    "clothing": ("objects", "animals", "food", "documents", "plants", "events"),
    "intel_scenes": ("places", "animals", "food", "documents", "events"),
    "fod_tools": ("people", "objects", "animals", "food", "documents", "plants", "events"),
    "trashnet": ("people", "objects", "animals", "food", "documents", "plants", "events"),
    "houses": ("places", "animals", "food", "documents", "events"),
    "monkeys": ("animals", "food", "documents", "objects", "events"),
    "weather": ("weather", "animals", "food", "documents"),
    "tf_flowers_128px": ("people", "plants", "food", "documents", "objects"),
    "flower_photos": ("people", "plants", "food", "documents", "objects"),
    "cats_dogs": ("animals", "food", "documents", "events"),
    "cats_dogs_horses_humans": ("animals", "food", "documents", "events"),
    "pizza_icecream": ("food", "animals", "documents", "places"),
    "sroie_receipts": ("people", *EVERYWHERE_ABSENT),
    "charts": ("people", *EVERYWHERE_ABSENT),
    "screenshots": ("documents", "animals", "food", "events"),
    "app_screens": ("documents", "animals", "food", "events"),
    "app_screens_napari": ("documents", "food", "events"),
    "atom_docs": ("documents", "animals", "food", "events"),
    "pdf_pages": ("documents", "animals", "food", "events"),
    "crops": ("animals", "documents", "events"),
    "faces_emotion": ("animals", "food", "documents", "events"),
    "memes": ("style", "food"),
    "fire": ("animals", "food", "documents"),
    "fans": ("animals", "food", "documents"),
}
# Words of a class label -> labels, where the words themselves would mislead; "" is nothing at all.
_SAYS = {
    "face": "portrait person", "cougar face": "cougar", "flamingo head": "flamingo", "crocodile head": "crocodile",
    "sport shooting": "sport shooting", "cricket": "cricket match", "formula 1 racing car": "motor racing",
    "football match": "football", "field hockey": "hockey", "wwe pro wrestling": "wrestling",
    "brain": "", "ewer jug": "vase", "windsor chair": "chair", "joshua tree": "tree", "yin yang symbol": "logo",
    "garfield cartoon": "cartoon", "snoopy cartoon": "cartoon", "buddha": "sculpture", "revolver": "weapon",
    "dollar bill": "money", "pyramid": "monument", "minaret": "tower", "pagoda": "temple", "soccer ball": "ball",
    "nautilus shell": "sea shell", "trilobite fossil": "skeleton", "brontosaurus dinosaur": "dinosaur",
    "stegosaurus dinosaur": "dinosaur", "chandelier": "lamp", "ketch sailboat": "sailboat", "metronome": "",
    "schooner sailing ship": "sailboat", "hawksbill turtle": "turtle", "ceiling fan": "fan", "inline skate": "",
    "house exterior": "house", "sunny sky": "sunny", "cloudy sky": "cloudy", "rainy weather": "rain",
    "glass bottle or jar": "bottle", "metal can": "can", "plastic container": "", "paper": "", "trash": "rubbish",
    "undershirt": "shirt", "top": "shirt", "polo shirt": "shirt", "long sleeve shirt": "shirt", "hoodie": "jacket",
    "blazer": "jacket", "baby bodysuit": "", "pants": "trousers", "shorts": "trousers", "skirt": "dress",
    "brown cap mushroom": "mushroom", "red beetroot": "vegetables", "ginger": "vegetables", "asparagus": "vegetables",
    "battery": "battery", "bolt": "screw", "bolt washer": "screw", "washer": "screw", "nut": "screw", "nail": "screw",
    "bolt nut set": "screw", "clamp part": "", "adjustable clamp": "", "metal part": "", "plastic part": "",
    "cutter": "", "luggage tag": "", "luggage part": "", "fuel cap": "", "metal sheet": "", "hose": "", "label": "",
    "paint chip": "", "rock": "", "wood": "", "wire": "", "tape": "", "soda can": "can",
    "chart": "chart", "document page": "text page", "screenshot of a text editor": "screenshot source code",
    "screenshot of a phone app": "screenshot", "screenshot of a computer program": "screenshot",
    "meme template image": "", "meme with text": "meme", "buildings": "building", "sunrise": "sunrise",
    "groundnuts": "", "cotton plant": "crops", "wheat crop": "crops", "rice crop": "crops", "sugarcane": "crops",
    "clavichord": "piano", "cabasa instrument": "", "guiro instrument": "", "alphorn": "", "didgeridoo": "",
    "ocarina": "flute", "person": "person", "cartoon person": "cartoon", "sketch of a person": "drawing",
    "oil painting of a person": "painted picture person", "cartoon house": "cartoon",
    "cartoon guitar": "cartoon guitar",
    "conference pear": "pear", "vine tomato": "tomato", "common squirrel monkey": "monkey",
    "black headed night monkey": "monkey", "carton of apple juice": "juice", "bottle of apple juice": "juice",
    "carton of orange juice": "juice", "bottle of orange juice": "juice",
    "carton of orange red grapefruit juice": "juice",
    "carton of red grapefruit juice": "juice", "bottle of grapefruit juice": "juice",
    "bottle of mandarin juice": "juice",
    "orange": "orange", "dolphin": "dolphin", "wild cat": "cougar", "okapi": "antelope", "bass fish": "fish",
}  # fmt: skip
# Right or wrong cannot be told from the class: shown together too often, or only a matter of taste.
_OPEN = {
    "sunrise": ("sunset", "cloudy", "silhouette", "reflection", "night"), "sunny": ("cloudy", "summer"),
    "cloudy": ("sunset", "sunrise", "storm", "sunny", "summer"), "rain": ("cloudy", "storm", "city lights", "night"),
    "forest": ("park", "countryside", "garden", "swamp", "meadow", "river", "mountain", "road"),
    "glacier": ("mountain", "sea", "lake", "ski resort", "volcano"), "street": ("city", "building", "road", "square",
    "wall", "market", "house", "shop", "tower", "church", "window", "door", "monument", "parking lot"),
    "mountain": ("glacier", "lake", "countryside", "canyon", "forest", "volcano", "desert", "meadow", "ski resort"),
    "sea": ("beach", "island", "harbour", "canyon", "lake", "river", "coral reef"),
    "building": ("street", "house", "city", "skyline", "tower", "castle", "church", "window", "wall", "hotel",
    "square", "factory", "monument", "roof", "office", "door", "temple", "mosque", "theatre", "construction site",
    "synagogue", "museum"),
    "house": ("building", "garden", "street", "roof", "door", "window", "wall", "road", "farm"),
    "kitchen": ("dining room", "window", "living room", "restaurant"), "bathroom": ("window", "door", "hotel", "wall"),
    "bedroom": ("window", "living room", "hotel", "children's room"), "screenshot": ("website", "source code", "chat",
    "spreadsheet", "text page", "form", "chart", "diagram", "slide", "map", "menu"), "receipt": ("invoice", "text page",
    "ticket", "letter", "form", "label"), "text page": ("letter", "form", "book page", "contract", "invoice", "math",
    "newspaper", "certificate", "spreadsheet", "chart", "diagram", "recipe", "prescription", "timetable"),
    "chart": ("diagram", "math", "slide", "spreadsheet", "map"), "piano": ("accordion",), "guitar": ("playing music",),
    "cartoon": ("drawing", "computer graphics", "logo", "painted picture"), "drawing": ("cartoon", "black and white"),
    "painted picture": ("drawing", "cartoon", "abstract", "still life"), "flower": ("bouquet",),
    "football": ("running",),
    "jacket": ("shirt",), "shirt": ("jacket", "dress"), "dress": ("shirt",), "pizza": ("cheese", "bread", "meat"),
    "ice cream": ("cake", "chocolate", "milk", "berries", "strawberry", "cherry", "cookies"), "milk": ("juice",),
    "bottle": ("cup", "can", "vase"), "cardboard": ("plastic bag", "rubbish", "book"), "rubbish": ("plastic bag", "can",
    "cardboard", "bottle"), "sailboat": ("boat", "ship"), "boat": ("ship", "sailboat"), "tower": ("church",),
    "sunflower": ("daisy",), "crops": ("tree", "leaf", "grass", "vine", "house plant"), "lamp": ("candle", "curtain"),
    "grass": ("leaf",), "lotus": ("leaf",), "bonsai": ("house plant", "leaf"), "screw": ("wrench", "tool", "key"),
    "wrench": ("screw", "tool", "hammer", "screwdriver"), "hammer": ("tool", "wrench", "screwdriver", "screw"),
    "screwdriver": ("tool", "wrench", "hammer", "screw", "pen"), "portrait": ("smile", "man", "woman"),
    "motorcycle": ("bicycle",), "car": ("truck",), "drum": ("microphone",), "laptop": ("phone", "tablet", "television"),
}  # fmt: skip
_CAPTIONS_JUDGE = ("people", "animals", "activities", "food", "documents")
# What captions seldom say although it is there.
_CAPTIONS_LEAVE_OPEN = (
    "portrait", "smile", "selfie", "hands", "feet", "family", "couple", "group of people", "beard", "old person", "man",
    "woman", "child", "crowd", "tattoo", "playing", "taking photos", "sport", "working", "jumping", "running", "person",
    "sign",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """Of one photo: labels that are right, labels nobody can tell, and the groups in which all others are wrong."""

    right: frozenset[str]
    open: frozenset[str]
    judged: frozenset[str]


def truth_of(vocabulary: Vocabulary, source: str, label: str, captions: Sequence[str]) -> Truth:
    """What a photo's class label, or its captions, say."""
    if label and source in _JUDGED:
        label = label.replace("painting of", "oil painting of")
        named = _labels_of(label)
        right = named if named is not None else _mentioned(vocabulary, label)
        judged = frozenset(_JUDGED[source])
    elif captions:
        right = frozenset().union(*(_mentioned(vocabulary, caption) for caption in captions))
        judged = frozenset(_CAPTIONS_JUDGE)
    else:
        return Truth(frozenset(), frozenset(), frozenset())
    if named_nothing := (bool(label) and not right):
        judged = judged - {"objects", "food"} if source in ("trashnet", "fod_tools", "clothing", "grocery") else judged
    open_ = {other for name in right for other in _OPEN.get(name, ())}
    if not label:
        open_ |= set(_CAPTIONS_LEAVE_OPEN)
    right = frozenset(right | {up for name in right for up in vocabulary.ancestors(name)})
    open_ |= {up for name in open_ for up in vocabulary.ancestors(name)}
    open_ |= {"animal"} if named_nothing else set()
    return Truth(right, frozenset(open_) - right, judged)


def _labels_of(label: str) -> frozenset[str] | None:
    if label not in _SAYS:
        return None
    said = _SAYS[label]
    return frozenset([said]) if said in _PHRASES else frozenset(_split(said))


_PHRASES = frozenset(value for value in _SAYS.values() if value in {
    "sport shooting", "cricket match", "motor racing", "sea shell", "text page",
})  # fmt: skip


def _split(said: str) -> list[str]:
    known = ("painted picture", "source code")
    found = [phrase for phrase in known if phrase in said]
    for phrase in found:
        said = said.replace(phrase, "")
    return [*found, *said.split()]


@cache
def _words_to_labels(vocabulary_id: int, names: tuple[tuple[str, str], ...]) -> dict[str, str]:
    del vocabulary_id
    table: dict[str, str] = {}
    for word, name in names:
        for form in (word, word + "s", word + "es"):
            table.setdefault(form.casefold(), name)
    return table


def _mentioned(vocabulary: Vocabulary, text: str) -> frozenset[str]:
    """Labels whose name or synonym stands in a text, longest phrases first; "hot dog" is no dog."""
    pairs = [(label.name, label.name) for label in vocabulary.active]
    pairs += [(synonym, label.name) for label in vocabulary.active for synonym in label.synonyms]
    table = _words_to_labels(id(vocabulary), tuple(pairs))
    words = re.findall(r"[a-z0-9'-]+", text.casefold())
    found, at = set(), 0
    while at < len(words):
        for length in (4, 3, 2, 1):
            phrase = " ".join(words[at : at + length])
            if len(words[at : at + length]) == length and phrase in table:
                found.add(table[phrase])
                at += length - 1
                break
        at += 1
    return frozenset(found)
