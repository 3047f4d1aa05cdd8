"""Small PDFs for tests: words where they are put, and lines that are drawn."""

from __future__ import annotations

from collections.abc import Sequence

Word = tuple[float, float, str]
Line = tuple[float, float, float, float]


def pdf(*pages: tuple[Sequence[Word], Sequence[Line]], size: tuple[int, int] = (595, 842)) -> bytes:
    """A page each: words as (left, base, text) and lines as (from x, from y, to x, to y), in points from the lower left corner."""
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for words, lines in pages:
        drawn = [f"{a} {b} m {c} {d} l S" for a, b, c, d in lines]
        shown = [f"BT /F1 10 Tf {left} {base} Td ({text}) Tj ET" for left, base, text in words]
        stream = "\n".join([*drawn, *shown])
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(bodies) + 1} 0 R")
        bodies.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents {len(bodies)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
    bodies[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{rows}trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (out + end).encode("latin-1")
