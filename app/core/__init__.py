"""What every other room builds on: records, errors, paths, settings, files that are replaced whole. Imports no room."""
