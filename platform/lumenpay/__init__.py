"""The core of LumenPay: what the product knows, whichever door it is used through."""
