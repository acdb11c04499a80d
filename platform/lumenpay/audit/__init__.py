"""Who changed what, recorded in the transaction of the change."""
