"""Objects for programs: JSON and GeoJSON (RFC 7946), an object a line."""

import json

from django.core.serializers.json import DjangoJSONEncoder

from .columns import in_one_text


def as_json(export):
    yield f'{{"count": {len(export)}, "results": ['
    yield from lines(record for _row, record in export.records())
    yield "\n]}\n"


def as_geojson(export):
    yield '{"type": "FeatureCollection", "features": ['
    yield from lines(feature(row, record) for row, record in export.records())
    yield "\n]}\n"


def feature(row, record):
    """A row at its coordinates, or nowhere where these aren't known; map programs have tables, and so no lists."""
    place = [record.pop("longitude"), record.pop("latitude")]
    geometry = None if None in place else {"type": "Point", "coordinates": place}
    properties = {key: in_one_text(value) for key, value in record.items()}
    return {"type": "Feature", "id": str(row.uuid), "geometry": geometry, "properties": properties}


def lines(objects):
    for position, value in enumerate(objects):
        yield (",\n" if position else "\n") + json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
