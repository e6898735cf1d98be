"""The questions that rules ask of facts: pure functions that come to an outcome each."""
