"""Open311 GeoReport v2 (reference section 2): what programs read, and how they file. See docs/open311.md."""
