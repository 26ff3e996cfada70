"""The audit: each claim of the source review held against the fact that answers it."""

from livingreview.audit import claims, judgements

__all__ = ["claims", "judgements"]
