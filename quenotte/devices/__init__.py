"""Adapters to the outside world, without Django: each is a library with its fake."""
