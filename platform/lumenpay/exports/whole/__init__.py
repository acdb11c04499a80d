"""Everything that a tenant owns as one archive: a CSV for each kind of thing, and a README that tells what is in it."""
