"""What can be wrong with a file, as a key with facts; the caller has the sentence, in its language."""

from __future__ import annotations


class UnreadableSource(Exception):
    """A file that cannot be read as a map; nothing of it was used.

    `key` is one of `REASONS`; `facts` fill the sentence (`file`, `detail`, numbers).
    """

    def __init__(self, key: str, **facts: str | int | float) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}: {value}" for name, value in self.facts.items())
        return f"{REASONS.get(self.key, self.key)} ({facts})" if facts else REASONS.get(self.key, self.key)


REASONS = {
    "missing": "The file does not exist or may not be read",
    "empty": "The file is empty",
    "unknown_format": "This is not a format that can be read",
    "truncated": "The file stops halfway; it was not copied or downloaded completely",
    "damaged": "The file is damaged",
    "too_large": "The file is larger than allowed",
    "zip_too_many": "The zip holds too many files",
    "zip_too_large": "The zip unpacks to more than allowed",
    "zip_unsafe": "The zip holds a path or link that points outside itself",
    "zip_no_map": "The zip holds no BGT layer (bgt_….gml)",
    "xml_dtd": "The XML holds a document type definition, which a map does not need",
    "not_geojson": "The JSON is not a GeoJSON FeatureCollection",
    "no_layers": "The file holds no layer that can be used",
    "no_crs": "The file does not say in which coordinate system it is; give it with --srid",
    "unknown_crs": "This coordinate system is not known",
    "no_mapping": "A plain file needs to be told what its objects are: --map kind=…",
    "unknown_column": "This column is not in the file",
    "unknown_kind": "This kind of street object does not exist",
    "unknown_field": "This field cannot be mapped",
    "no_objects": "No usable street object was found",
    "not_area": "The boundary is not an area",
}
