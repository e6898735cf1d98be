"""Agents that others make and keep: what they send is read, checked, and becomes facts."""
