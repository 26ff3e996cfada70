"""The audit: each claim of the source review held against the fact that answers it."""

from livingreview.audit import claims, counts

__all__ = ["claims", "counts"]
