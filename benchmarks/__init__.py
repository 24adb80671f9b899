"""Measurements, never tests: each prints ratios that were taken in one run."""
