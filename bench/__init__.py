"""Measurements, one package each (`python -m bench.acks`): figures for people, never a test's verdict."""
