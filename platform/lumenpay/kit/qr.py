"""QR codes as pictures that can be printed at any size."""

from __future__ import annotations

import io

import segno


def draw_qr(text: str) -> bytes:
    """Return an SVG with the text as a QR code, dark on light, with the quiet margin that readers need."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", scale=8, border=4, light="#fff", dark="#000")
    return picture.getvalue()
