"""Model labels -> entity types in our names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_PREFIX = re.compile(r"([BIESLU])[-_](?=.)")
# names that public token-classification and spaCy models use; others are taken as they are
_NAMES = {
    "PER": "PERSON", "PERSON": "PERSON", "NAME": "PERSON", "GIVENNAME": "PERSON",
    "SURNAME": "PERSON", "LOC": "LOCATION", "LOCATION": "LOCATION", "GPE": "LOCATION",
    "FAC": "LOCATION", "FACILITY": "LOCATION", "ADDRESS": "LOCATION", "ORG": "ORGANIZATION",
    "ORGANIZATION": "ORGANIZATION", "ORGANISATION": "ORGANIZATION", "CORPORATION": "ORGANIZATION",
    "DATE": "DATE_TIME", "TIME": "DATE_TIME", "NORP": "NRP", "EMAIL": "EMAIL_ADDRESS",
    "PHONE": "PHONE_NUMBER",
}  # fmt: skip
_IGNORED = frozenset({
    "MISC", "CARDINAL", "ORDINAL", "MONEY", "PERCENT", "QUANTITY", "WORK_OF_ART", "PRODUCT",
    "EVENT", "LAW", "LANGUAGE",
})  # fmt: skip


def entity_of(label: str) -> str | None:
    """Entity type of a label without its position prefix; None for what is not PII."""
    name = label.upper()
    return None if name in _IGNORED else _NAMES.get(name, name)


class LabelMap:
    """Columns of a model's output, understood.

    ``types`` the entity types; ``column[i]`` the position in ``types`` of output column i,
    or -1 for outside; ``starts[i]`` whether that column begins an entity.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.types: list[str] = []
        self.column: list[int] = []
        self.starts: list[bool] = []
        for label in labels:
            prefix = _PREFIX.match(label)
            entity = None if label == "O" else entity_of(label[prefix.end() :] if prefix else label)
            if entity is not None and entity not in self.types:
                self.types.append(entity)
            self.column.append(-1 if entity is None else self.types.index(entity))
            self.starts.append(prefix is not None and prefix[1] in "BSU")

    @classmethod
    def from_config(cls, id2label: Mapping[object, str]) -> LabelMap:
        """From a Hugging Face ``id2label`` (keys may be strings)."""
        numbered = {int(str(key)): value for key, value in id2label.items()}
        return cls([numbered[number] for number in range(len(numbered))])
