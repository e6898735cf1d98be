"""The door of the agents: straight on ASGI, apart from the pages that people open."""
