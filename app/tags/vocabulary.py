"""What tags there are: labels in groups, with captions that describe them, synonyms and a parent.

The shipped vocabulary lies in `resources/vocabulary`, the user's additions and changes in a file of the same form
(`app.tags.user_vocabulary`). Names may be in any script.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.core.records import Kind

OWN_GROUP = "own"
"""Where labels go that the user adds without naming a group."""
SEPARATOR = "/"
"""Between the steps of a hierarchy: "animal/dog"."""


@dataclass(frozen=True, slots=True)
class Group:
    """Labels that are looked for in the same way.

    Attributes:
        templates: captions with `{}` for the label's phrase; as in CLIP (Radford et al. 2021, section 3.1.4) their
            embeddings are averaged.
        kinds: whether photos, documents or both get labels of this group.
        shows: a label of another group that whatever is in this one shows, too: sports show people.
    """

    name: str
    title: str
    templates: tuple[str, ...] = ("a photo of {}", "{}")
    kinds: frozenset[Kind] = frozenset(Kind)
    enabled: bool = True
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """One tag.

    Attributes:
        parent: another label's name, or the name of a mere category ("vehicle"); may itself be a path.
        phrase: the label as it stands in a template: "a dog", "green grass".
        descriptions: captions as people would write them; bare nouns are poor captions.
        own: the user added it or changed it.
    """

    name: str
    group: str
    parent: str | None = None
    phrase: str = ""
    descriptions: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    enabled: bool = True
    own: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """All groups and labels, switched off ones included.

    Attributes:
        shipped: the labels as the program ships them. Their prototypes' mean is the point from which all labels are
            measured, so that editing one label moves no other.
        translations: names of labels in other languages, by ISO 639-1 code and label, the one to show first. They are
            for finding and showing labels; how a label scores does not depend on them.
        problems: one sentence for each thing in the user's file that was not understood.
    """

    groups: Mapping[str, Group]
    labels: Mapping[str, Label]
    shipped: Mapping[str, Label] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    translations: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @cached_property
    def active(self) -> tuple[Label, ...]:
        """The labels that are switched on, group by group."""
        order = {name: position for position, name in enumerate(self.groups)}
        on = [label for label in self.labels.values() if label.enabled and self.groups[label.group].enabled]
        return tuple(sorted(on, key=lambda label: order[label.group]))

    @cached_property
    def fingerprint(self) -> str:
        """Changes when any active label, its group or its wording does."""
        return digest([label_fingerprint(label, self.groups[label.group]) for label in self.active])

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        known = {fold(name): label.name for label in self.labels.values() for name in label.synonyms}
        known.update((fold(name), name) for name in self.labels)
        for names in self.translations.values():
            for label, translated in names.items():
                if label in self.labels:
                    for name in translated:
                        known.setdefault(fold(name), label)
        return known

    def find(self, name: str) -> Label | None:
        """The label of this name or synonym, in any language it has names in, whatever its case."""
        label_name = self._by_name.get(fold(name))
        return self.labels[label_name] if label_name is not None else None

    def path_of(self, name: str) -> tuple[str, ...]:
        """The hierarchy of a label, outermost first: ("animal", "bird", "duck"). A name with slashes is a path."""
        path: list[str] = []
        remaining = [step for step in name.split(SEPARATOR) if step.strip()]
        while remaining:
            step = remaining.pop().strip()
            if step in path:
                break  # the user made a circle
            path.insert(0, step)
            label = self.labels.get(step)
            if not remaining and label is not None and label.parent:
                remaining = [part for part in label.parent.split(SEPARATOR) if part.strip()]
        return tuple(path)

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Those labels (not mere categories) that a label lies under, nearest first."""
        return tuple(step for step in reversed(self.path_of(name)[:-1]) if step in self.labels)


def fold(name: str) -> str:
    """For comparing names: compatibility forms and case do not count."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def label_fingerprint(label: Label, group: Group) -> str:
    """Everything that changes how a label scores, as a short digest."""
    kinds = sorted(kind.value for kind in group.kinds)
    return digest([label.name, label.group, label.parent, *prompts_of(label, group), *kinds])


def prompts_of(label: Label, group: Group) -> tuple[str, ...]:
    """The captions of a label: its phrase in each template, its descriptions, its synonyms in the first template."""
    phrase = label.phrase or label.name
    templates = group.templates or ("{}",)
    captions = [template.replace("{}", phrase) for template in templates]
    captions += label.descriptions
    captions += [templates[0].replace("{}", synonym) for synonym in label.synonyms]
    return tuple(dict.fromkeys(captions))


def digest(parts: Iterable[str | None]) -> str:
    text = json.dumps(list(parts), ensure_ascii=True)
    return hashlib.blake2b(text.encode("ascii"), digest_size=8).hexdigest()


def article(name: str) -> str:
    """An English indefinite article before an English name; names in other scripts stay as they are."""
    if not name.isascii():
        return name
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
