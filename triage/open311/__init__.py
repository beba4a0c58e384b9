"""Open311 GeoReport v2 over the same catalogue and the same cases."""
