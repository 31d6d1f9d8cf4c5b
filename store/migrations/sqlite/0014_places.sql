-- Where a shop is, once its staff has said so: in millionths of a degree, WGS84, in the city or a little around it. A shop without a row
-- is found by its name and its district, but not near anybody and not on the map.
CREATE TABLE merchant_place (
    merchant_id BIGINT NOT NULL PRIMARY KEY REFERENCES merchant (id),
    lat_e6 BIGINT NOT NULL CHECK (lat_e6 BETWEEN 37400000 AND 37720000),
    lon_e6 BIGINT NOT NULL CHECK (lon_e6 BETWEEN 126740000 AND 127200000),
    placed_at BIGINT NOT NULL
);
