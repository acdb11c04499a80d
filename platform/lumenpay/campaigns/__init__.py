"""Campaign links: where people come from, by name, and what they brought."""
