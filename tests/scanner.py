"""A scanner as the manufactory sets its own: it reads squares and nothing else (docs/operations.md)."""

import zxingcpp
from PIL import Image


def scans(picture: Image.Image) -> list[str]:
    """What every square in the picture says."""
    found = zxingcpp.read_barcodes(
        picture.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return [code.text for code in found]
