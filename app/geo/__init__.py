"""Places on the map: circles, distances, and cities by name and position."""
