"""Short messages: how long they are, who may send what to whom, and a simulator. No Django.

No operator is connected yet: ``simulator`` keeps the rules that a real one enforces.
"""
