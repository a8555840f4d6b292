"""Open311 GeoReport v2, as the published standard says, under /open311/v2."""
