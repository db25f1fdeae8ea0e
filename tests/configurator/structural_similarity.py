"""How alike two pictures look: the mean structural similarity of their brightness (Wang et al., 2004)."""

from PIL import Image, ImageMath

WINDOW = 8
# (0.01 × 255)² and (0.03 × 255)²: keep plain areas from dividing by nothing.
LIGHT, CONTRAST = 6.5025, 58.5225


def similarity(one: Image.Image, other: Image.Image) -> float:
    """1 for the same picture; windows of 8 x 8 pixels."""
    assert one.size == other.size
    x, y = (picture.convert("L").convert("F") for picture in (one, other))
    mean_x, mean_y, mean_xx, mean_yy, mean_xy = (
        _means(_product(a, b)) for a, b in ((x, None), (y, None), (x, x), (y, y), (x, y))
    )
    score = ImageMath.lambda_eval(
        lambda of: (
            (2 * of["x"] * of["y"] + LIGHT)
            * (2 * (of["xy"] - of["x"] * of["y"]) + CONTRAST)
            / (
                (of["x"] * of["x"] + of["y"] * of["y"] + LIGHT)
                * (of["xx"] - of["x"] * of["x"] + of["yy"] - of["y"] * of["y"] + CONTRAST)
            )
        ),
        x=mean_x,
        y=mean_y,
        xx=mean_xx,
        yy=mean_yy,
        xy=mean_xy,
    )
    mean = score.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, float)
    return mean


def _product(a: Image.Image, b: Image.Image | None) -> Image.Image:
    return a if b is None else ImageMath.lambda_eval(lambda of: of["a"] * of["b"], a=a, b=b)


def _means(picture: Image.Image) -> Image.Image:
    return picture.reduce(WINDOW)
