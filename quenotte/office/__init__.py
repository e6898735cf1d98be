"""The office: acts and their tariffs, treatment plans, visits; later estimates and bills."""
