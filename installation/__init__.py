"""Jumelage: one artwork, two cities. An engine for interactive installations twinned across an ocean."""

__version__ = "0.1.0"
