"""OpenID Connect providers that play Telegram and Google, each with people one can be."""
