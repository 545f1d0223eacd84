"""Draws the certificate's guilloche frame and rosette as flat vector art.

Run it again after changing it: ``python tools/draw_certificate_border.py``. The lines are sine
waves of shifted phases along the frame and wave rings in the corners; nothing is a gradient, and
nothing looks like a seal.
"""

from math import cos, pi, sin
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "hrtrain" / "certificates" / "assets"
WIDTH, HEIGHT = 297.0, 210.0
INSET, BAND = 8.0, 7.0  # outer edge of the band, its thickness
NAVY, GOLD, PALE = "#1d4468", "#b48a32", "#f1e6cc"

# The quarter of a sine as one cubic curve (maximal error 0.03 %).
QUARTER = ((0.512287, 0.512287), (1.002314, 1.0), (pi / 2, 1.0))


def wave(length: float, periods: float, amplitude: float, phase: int) -> list[str]:
    """Cubic pieces of a sine of whole quarters along x, beginning ``phase`` quarters in."""
    unit = length / (periods * 4) / (pi / 2)
    x, pieces = 0.0, []
    for quarter in range(round(periods * 4)):
        kind = (quarter + phase) % 4
        side = amplitude if kind < 2 else -amplitude
        rising = [(px, py * side) for px, py in QUARTER]
        if kind % 2 == 0:
            start, points = 0.0, rising
        else:
            start = side
            points = [(pi / 2 - QUARTER[1][0], side), (pi / 2 - QUARTER[0][0], rising[0][1])]
            points.append((pi / 2, 0.0))
        if not pieces:
            pieces.append(f"M0 {start:.2f}")
        pieces.append("C" + " ".join(f"{x + px * unit:.2f} {py:.2f}" for px, py in points))
        x += pi / 2 * unit
    return pieces


def band(length: float) -> str:
    """One side's band around y = 0."""
    periods = round(length / 10.5)
    lines = []
    for amplitude, color, thick in ((2.9, NAVY, 0.16), (2.1, NAVY, 0.13), (1.3, GOLD, 0.16)):
        for phase in range(4):
            d = "".join(wave(length, periods, amplitude, phase))
            lines.append(f'<path d="{d}" stroke="{color}" stroke-width="{thick}"/>')
    return "".join(lines)


def ring(radius: float, depth: float, petals: int, turns: int, points: int) -> str:
    """A closed wave around the origin, as a polygon of many points."""
    path = []
    for step in range(points):
        angle = 2 * pi * turns * step / points
        r = radius + depth * cos(petals * angle / turns)
        path.append(f"{r * cos(angle):.2f} {r * sin(angle):.2f}")
    return "M" + "L".join(path) + "Z"


def corner() -> str:
    """The rosette of a corner, on a white ground that ends the bands."""
    rings = [
        (4.4, 1.1, 24, 1, 240, NAVY, 0.16),
        (4.4, -1.1, 24, 1, 240, NAVY, 0.16),
        (3.0, 1.0, 29, 2, 300, GOLD, 0.16),
        (1.5, 0.9, 12, 1, 120, NAVY, 0.14),
        (1.5, -0.9, 12, 1, 120, NAVY, 0.14),
    ]
    drawn = "".join(
        f'<path d="{ring(*values[:5])}" stroke="{values[5]}" stroke-width="{values[6]}"/>'
        for values in rings
    )
    return f'<rect x="-6" y="-6" width="12" height="12" fill="#fff" stroke="none"/>{drawn}'


def rect(inset: float, color: str, thick: float) -> str:
    """A rectangle that far from the page's edge."""
    return (
        f'<rect x="{inset}" y="{inset}" width="{WIDTH - 2 * inset}" height="{HEIGHT - 2 * inset}" '
        f'stroke="{color}" stroke-width="{thick}"/>'
    )


def ground() -> str:
    """All that lies behind the text: the pale rosette and the frame."""
    middle = INSET + BAND / 2
    across, down = WIDTH - 2 * middle, HEIGHT - 2 * middle
    sides = [
        (middle, middle, 0, across),
        (WIDTH - middle, middle, 90, down),
        (WIDTH - middle, HEIGHT - middle, 180, across),
        (middle, HEIGHT - middle, 270, down),
    ]
    bands = "".join(
        f'<g transform="translate({x} {y}) rotate({turn})">{band(length)}</g>'
        for x, y, turn, length in sides
    )
    corners = "".join(f'<g transform="translate({x} {y})">{corner()}</g>' for x, y, *_ in sides)
    lines = rect(INSET - 0.6, NAVY, 0.5) + rect(INSET + BAND + 0.6, NAVY, 0.3)
    lines += rect(INSET + BAND + 1.7, GOLD, 0.45)
    return svg(WIDTH, HEIGHT, rosette() + lines + bands + corners)


def rosette() -> str:
    """The pale rosette behind the text."""
    rings = "".join(
        f'<path d="{ring(radius, depth, petals, turns, 540)}" stroke="{PALE}" stroke-width="0.16"/>'
        for radius, depth, petals, turns in (
            (41, 5, 48, 1), (41, -5, 48, 1), (33, 8, 36, 1), (33, -8, 36, 1),
            (20, 7, 24, 1), (20, -7, 24, 1), (9, 4, 12, 1), (9, -4, 12, 1),
        )
    )  # fmt: skip
    return f'<g transform="translate({WIDTH / 2} {HEIGHT / 2 + 2})">{rings}</g>'


def svg(width: float, height: float, body: str) -> str:
    """The drawing as a file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}" fill="none">{body}</svg>\n'
    )


if __name__ == "__main__":
    (ASSETS / "ground.svg").write_text(ground())
