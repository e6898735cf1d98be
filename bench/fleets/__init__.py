"""Parts of `bench.fleet`: a fleet in PostgreSQL, machines that talk, and the rival."""
