"""Letters by e-mail: their texts and the way to a mail server."""
