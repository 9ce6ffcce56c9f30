"""What is asked of the present situation."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import RowMapping, text

from app.extensions import db
from geodata.kinds import UNDRAWN

# word_similarity finds the query inside a longer label; similarity ranks the closest label first.
_SEARCH = text(
    """
    SELECT p.kind, p.label, p.street, p.house_number, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat,
           greatest(similarity(p.label, :q), word_similarity(:q, p.label)) AS score
    FROM place p JOIN neighbourhood n ON n.id = p.neighbourhood_id
    WHERE (CAST(:neighbourhood AS text) IS NULL OR n.slug = :neighbourhood)
      AND (p.label % :q OR :q <% p.label OR p.label ILIKE :prefix)
    ORDER BY (p.label ILIKE :prefix) DESC, score DESC, (p.kind = 'street') DESC,
             length(p.label), p.label, p.id
    LIMIT :limit
    """
)


def search_places(query: str, neighbourhood: str | None, limit: int) -> list[RowMapping]:
    """Streets and addresses that look like `query`, typing errors forgiven; the best first."""
    prefix = query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    parameters = {"q": query, "prefix": prefix, "neighbourhood": neighbourhood, "limit": limit}
    return list(db.session.execute(_SEARCH, parameters).mappings())


_NEAR = text(
    """
    SELECT o.id, o.kind, o.certainty, o.name, o.attributes, ST_AsBinary(o.geom) AS wkb
    FROM street_object o JOIN assignment a ON a.neighbourhood_id = o.neighbourhood_id
    WHERE a.id = :assignment AND o.geom && ST_Expand(ST_Envelope(a.area), :margin_deg)
      AND o.kind <> ALL(:undrawn)
    ORDER BY o.id LIMIT :limit
    """
)


def objects_around(
    assignment_id: uuid.UUID, *, margin_deg: float = 0.0003, limit: int = 5_000
) -> list[RowMapping]:
    """Street objects in and just around an assignment's area, for drawings; geometry as WKB in EPSG:4326."""
    parameters: dict[str, Any] = {
        "assignment": assignment_id,
        "margin_deg": margin_deg,
        "undrawn": sorted(UNDRAWN),
        "limit": limit,
    }
    return list(db.session.execute(_NEAR, parameters).mappings())
