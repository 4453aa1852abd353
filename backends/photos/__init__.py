"""Photos of citizens: fetched, judged, freed of metadata, kept encrypted. See docs/photos.md."""
