"""Building the web app: Node, its packages, and the built files."""
