"""What is personal data here and what is done with it: policies, loaded and asked."""

from redactor.policy.decide import decide
from redactor.policy.load import load_policy

__all__ = ["decide", "load_policy"]
