"""The learning curve of a run as an SVG picture: training loss, and NDCG@10 on validation, by epoch."""

from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 360, 64, 40, 64, 48
LOSS, QUALITY, INK, GRID = "#b4552d", "#2a6f97", "#333", "#ddd"


def draw(progress: list, path: Path):
    """`progress` is a list of {"epoch", "loss", "ndcg@10"}; NDCG is None for an epoch that was not validated."""
    losses = [(row["epoch"], row["loss"]) for row in progress]
    quality = [(row["epoch"], row["ndcg@10"]) for row in progress if row["ndcg@10"] is not None]
    last = max((epoch for epoch, _ in losses), default=1)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for points, colour, name, anchor, at in ((losses, LOSS, "training loss", "end", LEFT - 8),
                                             (quality, QUALITY, "NDCG@10 on validation", "start", WIDTH - RIGHT + 8)):
        low, high = bounds([value for _, value in points])
        side = LEFT if anchor == "end" else WIDTH - RIGHT
        parts.append(f'<text x="{side}" y="{TOP - 16}" fill="{colour}" text-anchor="{"start" if anchor == "end" else "end"}">{name}</text>')
        for step in range(5):
            value = low + (high - low) * step / 4
            y = y_of(value, low, high)
            if anchor == "end":
                parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GRID}"/>')
            parts.append(f'<text x="{at}" y="{y + 4:.1f}" fill="{colour}" text-anchor="{anchor}">{value:.3g}</text>')
        line = " ".join(f"{x_of(epoch, last):.1f},{y_of(value, low, high):.1f}" for epoch, value in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x_of(e, last):.1f}" cy="{y_of(v, low, high):.1f}" r="2.5" fill="{colour}"/>' for e, v in points]
    for epoch in sorted({round(1 + (last - 1) * step / 4) for step in range(5)}):
        parts.append(f'<text x="{x_of(epoch, last):.1f}" y="{HEIGHT - BOTTOM + 20}" fill="{INK}" text-anchor="middle">{epoch}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" fill="{INK}" text-anchor="middle">epoch</text></svg>')
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def bounds(values: list) -> tuple:
    """(low, high) of an axis, low < high."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def x_of(epoch: float, last: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (epoch - 1) / max(1, last - 1)


def y_of(value: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)
