"""PostgreSQL and Valkey from Python wheels, for machines without servers of their own.

Both keep their state under one folder (`.lumenpay/`), survive `kill -9` and are found again by the next start.
"""

from operations.embedded.database import DatabaseUrls, bootstrap_database
from operations.embedded.errors import EmbeddedServerError
from operations.embedded.postgres import EmbeddedPostgres
from operations.embedded.secrets import ensure_secret
from operations.embedded.valkey import EmbeddedValkey

__all__ = [
    "DatabaseUrls",
    "EmbeddedPostgres",
    "EmbeddedServerError",
    "EmbeddedValkey",
    "bootstrap_database",
    "ensure_secret",
]
