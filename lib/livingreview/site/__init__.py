"""Turns chapters, data and lib into the published site."""
