"""Editions of the evidence, and the tables that are derived from them."""
