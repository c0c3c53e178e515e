"""Small figures in SVG: panels side by side, with bars, points, lines and steps."""

from math import log10
from xml.sax.saxutils import escape

BLUE, RED, GREY = "#2266aa", "#cc3322", "#888888"
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 380, 250, 52, 28, 44


class Panel:
    """One diagram; `x` and `y` are the ranges of its axes."""

    def __init__(self, title, x, y, x_label="", y_label="", log=False):
        self.title, self.x, self.y, self.labels, self.log = title, x, y, (x_label, y_label), log
        self.shapes, self.names = [], []

    def place(self, x, y):
        """The pixel of a point."""
        return self.pixel(x, self.x, LEFT, WIDTH - 12), self.pixel(y, self.y, HEIGHT - BOTTOM, TOP)

    def pixel(self, value, limits, first, last):
        low, high = limits
        if self.log:
            value, low, high = (log10(max(number, low)) for number in (value, low, high))
        return round(first + (last - first) * (value - low) / (high - low), 1)

    def line(self, points, colour, dash=""):
        path = " ".join("{},{}".format(*self.place(x, y)) for x, y in points)
        self.shapes.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"'
            f' stroke-dasharray="{dash}"/>'
        )

    def bars(self, edges, heights, colour, opacity=0.75):
        for start, end, height in zip(edges, edges[1:], heights):
            (left, top), (right, bottom) = self.place(start, height), self.place(end, self.y[0])
            self.shapes.append(
                f'<rect x="{left}" y="{top}" width="{round(right - left, 1)}"'
                f' height="{round(bottom - top, 1)}" fill="{colour}" fill-opacity="{opacity}"/>'
            )

    def points(self, points, colour, radius=3):
        for x, y in points:
            left, top = self.place(x, y)
            self.shapes.append(f'<circle cx="{left}" cy="{top}" r="{radius}" fill="{colour}"/>')

    def name(self, text, colour):
        """A line of the legend."""
        self.names.append((text, colour))

    def ticks(self):
        """The numbers at both axes."""
        for axis, (low, high) in enumerate((self.x, self.y)):
            if self.log:
                values = [10.0**power for power in range(-9, 10) if low <= 10.0**power <= high]
            else:
                values = [low + (high - low) * step / 4 for step in range(5)]
            for value in values:
                left, top = self.place(*((value, self.y[0]) if axis == 0 else (self.x[0], value)))
                text = f"10^{round(log10(value))}" if self.log else f"{value:.3g}"
                if axis == 0:
                    yield f'<text x="{left}" y="{top + 14}" text-anchor="middle">{text}</text>'
                else:
                    yield f'<text x="{left - 5}" y="{top + 4}" text-anchor="end" font-size="9.5">{text}</text>'

    def text(self):
        """The panel as SVG."""
        right, bottom = WIDTH - 12, HEIGHT - BOTTOM
        yield f'<rect x="{LEFT}" y="{TOP}" width="{right - LEFT}" height="{bottom - TOP}" fill="none" stroke="#444"/>'
        yield from self.shapes
        if self.x:
            yield from self.ticks()
        middle = (LEFT + right) / 2
        yield f'<text x="{middle}" y="18" text-anchor="middle" font-weight="bold">{escape(self.title)}</text>'
        yield f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(self.labels[0])}</text>'
        yield (
            f'<text transform="translate(10 {(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">'
            f"{escape(self.labels[1])}</text>"
        )
        for row, (text, colour) in enumerate(self.names):
            y = TOP + 14 + 14 * row
            yield f'<rect x="{right - 158}" y="{y - 8}" width="9" height="9" fill="{colour}"/>'
            yield f'<text x="{right - 145}" y="{y}">{escape(text)}</text>'


def save(path, panels):
    """Writes panels beside each other."""
    width = WIDTH * len(panels)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}"'
        ' font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for index, panel in enumerate(panels):
        lines += [f'<g transform="translate({WIDTH * index} 0)">', *panel.text(), "</g>"]
    path.write_text("\n".join([*lines, "</svg>", ""]))
