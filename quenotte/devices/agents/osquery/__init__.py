"""The remote interface of osquery, the questions that we ask it, and what its answers mean."""
