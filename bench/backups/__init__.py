"""Parts of `bench.backup`: each measures one thing and returns its figures."""
