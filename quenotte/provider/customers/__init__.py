"""The practices that the provider looks after: who they are, when they are open."""
