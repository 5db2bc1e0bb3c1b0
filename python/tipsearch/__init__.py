"""A client of the tipsearch server."""

from .client import Client, Hit, Hits, Incomplete, Problem, Verdict

__all__ = ["Client", "Hit", "Hits", "Incomplete", "Problem", "Verdict"]
__version__ = "0.1.0"
