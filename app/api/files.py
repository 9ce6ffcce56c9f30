"""GeoPackage, FlatGeobuf and GeoParquet: written in bounded batches to a file.

pyarrow and pyogrio are imported inside the functions: they double a worker's memory and its time to start.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.api import sql
from app.api.crs import Crs
from app.api.registry import Collection
from app.api.streams import TIMEOUT_MS
from app.extensions import db

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 5_000
_DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf"}
# GeoPackage 1.3 is what older QGIS and ArcGIS read; FlatGeobuf's index refuses features without a geometry.
_DATASET_OPTIONS = {"gpkg": {"VERSION": "1.3"}, "fgb": {}}
_LAYER_OPTIONS = {"gpkg": {}, "fgb": {"SPATIAL_INDEX": "NO"}}


def write(collection: Collection, form: str, path: Path, assignment: str | None, system: Crs) -> None:
    """Write a collection to `path` as `gpkg`, `fgb` or `parquet`. Raises `OSError` when the disk is full."""
    import pyarrow as pa

    schema = _schema(collection)
    batches = _batches(sql.table(collection, assignment, system), schema)
    if form == "parquet":
        _write_parquet(schema, batches, path, collection, system)
    else:
        _write_with_gdal(pa.RecordBatchReader.from_batches(schema, batches), form, path, collection, system)


def _schema(collection: Collection) -> pa.Schema:
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "uuid": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date-time": pa.timestamp("us", tz="UTC"),
    }
    fields = [pa.field(prop.name, types[prop.type], nullable=True) for prop in collection.properties]
    geometry = pa.field("geometry", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    return pa.schema([*fields, geometry])


def _batches(statement: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows through a server-side cursor, so that neither side holds them all."""
    import pyarrow as pa

    fairy = db.engine.raw_connection()
    try:
        connection: Any = fairy.driver_connection
        connection.execute(f"SELECT set_config('statement_timeout', '{TIMEOUT_MS}', true)")
        with connection.cursor(name="export") as cursor:
            cursor.execute(statement)
            while rows := cursor.fetchmany(BATCH_ROWS):
                columns = zip(*rows, strict=True)
                arrays = [
                    pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)
    finally:
        fairy.rollback()
        fairy.close()


def _write_with_gdal(
    reader: pa.RecordBatchReader, form: str, path: Path, collection: Collection, system: Crs
) -> None:
    import pyogrio

    # Only the mixed collections have no one type.
    exact = collection.geometry_type != "Geometry"
    pyogrio.write_arrow(
        reader,
        path,
        layer=collection.name,
        driver=_DRIVERS[form],
        geometry_name="geometry",
        geometry_type=collection.geometry_type if exact else "Unknown",
        crs=f"EPSG:{system.srid}",
        dataset_options=_DATASET_OPTIONS[form],
        layer_options=_LAYER_OPTIONS[form],
    )


def _write_parquet(
    schema: pa.Schema, batches: Iterator[pa.RecordBatch], path: Path, collection: Collection, system: Crs
) -> None:
    """GeoParquet 1.1; its metadata names the CRS in full (PROJJSON)."""
    import pyarrow.parquet as pq
    import pyproj

    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
    if system.srid != 4326:
        column["crs"] = pyproj.CRS.from_epsg(system.srid).to_json_dict()
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    plain = schema.set(len(schema) - 1, schema.field("geometry").remove_metadata())
    described = plain.with_metadata({"geo": json.dumps(geo), "title": collection.title})
    # A file of our own, since Arrow leaves its open when the disk is full.
    with path.open("wb") as file, pq.ParquetWriter(file, described, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.cast(described))
