"""What can go wrong with bots and shops."""

from lumenpay.errors import ConflictError, ErrorKind, LumenError, NotFoundError


class BotNotFoundError(NotFoundError):
    """No such bot in this tenant."""

    code = "bot_not_found"


class BotTokenInvalidError(LumenError):
    """The text holds no token, or Telegram does not accept it."""

    code = "bot_token_invalid"


class BotAlreadyConnectedError(ConflictError):
    """This bot is connected already, here or in another tenant."""

    code = "bot_already_connected"


class BotTokenOfAnotherBotError(ConflictError):
    """The new token belongs to a different bot."""

    code = "bot_token_of_another_bot"


class BotNotActiveError(ConflictError):
    """The bot is paused, deleted, or its token was revoked."""

    code = "bot_not_active"


class UpdateNotFoundError(NotFoundError):
    """No update of this bot was set aside under this number."""

    code = "update_not_found"


class ShopNotConnectedError(LumenError):
    """The bot has no working shop to take money through."""

    code = "shop_not_connected"
    kind = ErrorKind.CONFLICT


class ShopKeysRefusedError(ConflictError):
    """YooKassa does not accept the stored keys any more."""

    code = "shop_keys_refused"


class ShopKeysInvalidError(LumenError):
    """YooKassa does not accept the shop id with this secret key."""

    code = "shop_keys_invalid"


class SecretKeyMissingError(LumenError):
    """Stored secrets are sealed with a key that this process was not given."""

    code = "secret_key_missing"
