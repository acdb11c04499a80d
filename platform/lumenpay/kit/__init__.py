"""Building blocks without a product word: clock, ids, money, secrets, logging, paging, text limits."""
