"""How the Dutch base map (BGT, information model IMGeo 2.2) maps onto our kinds.

Source: the object catalogue "Basisregistratie grootschalige topografie, Gegevenscatalogus BGT 1.2" and "IMGeo
2.2" (Geonovum, docs.geostandaarden.nl/imgeo): per object type the value lists of function, physical
appearance and type. Where the model has no equal of ours, the sentence beside the entry says what we took.
"""

from __future__ import annotations

from collections.abc import Mapping

# Object type, as CityGML/IMGeo class or as the name of the delivered layer -> our name for the layer.
LAYERS = {
    "trafficarea": "wegdeel",
    "wegdeel": "wegdeel",
    "auxiliarytrafficarea": "ondersteunendwegdeel",
    "ondersteunendwegdeel": "ondersteunendwegdeel",
    "plantcover": "begroeidterreindeel",
    "begroeidterreindeel": "begroeidterreindeel",
    "onbegroeidterreindeel": "onbegroeidterreindeel",
    "waterdeel": "waterdeel",
    "ondersteunendwaterdeel": "ondersteunendwaterdeel",
    "buildingpart": "pand",
    "pand": "pand",
    "overigbouwwerk": "overigbouwwerk",
    "kunstwerkdeel": "kunstwerkdeel",
    "bridgeconstructionelement": "overbruggingsdeel",
    "overbruggingsdeel": "overbruggingsdeel",
    "tunnelpart": "tunneldeel",
    "tunneldeel": "tunneldeel",
    "scheiding": "scheiding",
    "overigescheiding": "scheiding",
    "railway": "spoor",
    "spoor": "spoor",
    "solitaryvegetationobject": "vegetatieobject",
    "vegetatieobject": "vegetatieobject",
    "paal": "paal",
    "straatmeubilair": "straatmeubilair",
    "bak": "bak",
    "put": "put",
    "openbareruimtelabel": "openbareruimtelabel",
}

# Wegdeel, function: roads are carriageway; "woonerf" has no pavement of its own; "ruiterpad" is unpaved.
_ROAD = {
    "parkeervlak": "parking",
    "fietspad": "cycle_path",
    "voetpad": "pavement",
    "voetpad op trap": "pavement",
    "voetgangersgebied": "square",
    "inrit": "driveway",
    "ruiterpad": "green",
    "spoorbaan": "rail",
    "overweg": "carriageway",
    "woonerf": "carriageway",
    "ov-baan": "carriageway",
    "baan voor vliegverkeer": "carriageway",
}

# OndersteunendWegdeel: a verge is green, a traffic island is paved and people wait on it.
_ROADSIDE = {"berm": "green", "verkeerseiland": "pavement"}

# One kind per layer. Bare ground is mostly "erf" (private yard); the rest is paved ground outside the road.
_WHOLE_LAYER = {
    "begroeidterreindeel": "green",
    "onbegroeidterreindeel": "yard",
    "waterdeel": "water",
    "ondersteunendwaterdeel": "green",
    "pand": "building",
    "overigbouwwerk": "structure",
    "kunstwerkdeel": "structure",
    "overbruggingsdeel": "structure",
    "scheiding": "barrier",
    "spoor": "rail",
}

# Furniture, optional in the BGT: only what a resident would want to move or keep is taken.
_TYPES = {
    "vegetatieobject": {"boom": "tree", "haag": "hedge"},
    "paal": {"lichtmast": "lamp", "poller": "bollard", "afsluitpaal": "bollard", "haltepaal": "bus_stop"},
    "straatmeubilair": {
        "bank": "bench",
        "picknicktafel": "bench",
        "fietsenrek": "bike_stand",
        "fietsenkluis": "bike_stand",
        "speelvoorziening": "play",
        "abri": "bus_stop",
    },
    "bak": {"afval apart plaats": "container", "container": "container", "bloembak": "planter"},
    "put": {"brandkraan / -put": "hydrant", "brandkraan": "hydrant"},
}

# What stands for "nothing filled in" (lower case, without spaces).
_NO_VALUE = {"", "waardeonbekend", "geenwaarde", "niet-bgt"}


def kind_of(layer: str, row: Mapping[str, object]) -> str | None:
    """Our kind for a row of a layer (keys in lower case without separators), or None when it is not drawn."""
    if layer == "wegdeel":
        function = first(row, "function", "functie", "bgtfunctie")
        return "carriageway" if function.startswith("rijbaan") else _ROAD.get(function)
    if layer == "ondersteunendwegdeel":
        return _ROADSIDE.get(first(row, "function", "functie", "bgtfunctie"), "green")
    if layer in _TYPES:
        kinds = _TYPES[layer]
        plus, basic = first(row, "plustype"), first(row, "bgttype", "type", "class", "function")
        return kinds.get(plus) or kinds.get(basic)
    return _WHOLE_LAYER.get(layer)


# Our attribute -> the columns that may hold it, most exact first.
ATTRIBUTES = {
    "function": ("function", "functie", "bgtfunctie"),
    "plus_function": ("plusfunctiewegdeel", "plusfunctie", "plusfunctieondersteunendwegdeel"),
    "surface": ("surfacematerial", "bgtfysiekvoorkomen", "fysiekvoorkomen", "class"),
    "plus_surface": (
        "plusfysiekvoorkomenwegdeel",
        "plusfysiekvoorkomen",
        "plusfysiekvoorkomenondersteunendwegdeel",
    ),
    "type": ("plustype", "bgttype", "type"),
    "holder": ("bronhouder",),
    "bag_id": ("identificatiebagpnd",),
}


def attributes(row: Mapping[str, object]) -> dict[str, str]:
    """What is worth keeping of a row, without "unknown" and "no value"."""
    found = {name: first(row, *columns) for name, columns in ATTRIBUTES.items()}
    return {name: value for name, value in found.items() if value}


def first(row: Mapping[str, object], *columns: str) -> str:
    """The first of these columns that says something; `rijbaan: lokale weg` reads as `rijbaan lokale weg`."""
    for column in columns:
        value = str(row.get(column) or "").strip()
        if value.lower().replace(" ", "") not in _NO_VALUE:
            return value.replace(": ", " ")
    return ""
