"""Registers taken in from files: read, checked whole, shown row by row, then applied whole or not at all."""
