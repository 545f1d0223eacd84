"""The face of a certificate: contents put into a layout, as HTML for the renderer.

The layout is a sandboxed Jinja template over plain values; it reaches no rows and no files.
"""

from functools import cache

import segno
from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hrtrain.certificates.content import Content, days_text, issued_text, written_day
from hrtrain.certificates.fitting import Part, lines, scale_that_fits, size_on_one_line
from hrtrain.certificates.places import ASSETS
from hrtrain.core.pdf.printing import renderer_for

# The box between head and foot in mm, and the size its parts are relative to.
MIDDLE = (247.0, 97.0)
MIDDLE_POINTS = 13.0


@cache
def _template(layout: str) -> Template:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(ASSETS / "layouts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{layout}.html")


def html_of(content: Content) -> str:
    """The page as HTML."""
    return _template(content.layout).render(
        c=content.plain(),
        birth=written_day(content.birth_date),
        days=days_text(content.starts_on, content.last_on),
        from_day=written_day(content.starts_on),
        to_day=written_day(content.last_on),
        through=written_day(content.valid_through or ""),
        issued=issued_text(content),
        authority=content.signing_authority.splitlines(),
        authority_en=content.signing_authority_en.splitlines(),
        qr=qr_svg(content.verify_url),
        size=_sizes(content),
        unit_apart=_is_unit_apart(content),
    )


def _sizes(content: Content) -> dict[str, float]:
    """Sizes in points, and the scale of the middle, at which everything stays in its box."""
    name = size_on_one_line(content.full_name, MIDDLE[0], 30, 19)
    middle = scale_that_fits(_middle(content, name), *MIDDLE)
    head = scale_that_fits(_head(content), 116, 28)
    sign = scale_that_fits(_sign(content), 112, 17)
    return {
        "name": round(name / MIDDLE_POINTS, 3),
        "middle": round(MIDDLE_POINTS * middle, 2),
        "head": round(12.5 * head, 2),
        "sign": round(13 * sign, 2),
        "signatory": round(size_on_one_line(content.signatory, 112, 13.5, 6), 2),
    }


def _middle(content: Content, name: float) -> list[Part]:
    """What stands between head and foot, as the layouts set it."""
    both = content.layout == "bilingual"
    facts = 100 if both else 70
    unit = f"Đơn vị: {content.unit}" if _is_unit_apart(content) else ""
    parts = [
        Part("GIẤY CHỨNG NHẬN", 36),
        Part("CERTIFICATE" if both else "", 15, 0),
        Part("Chứng nhận", 13, 2.4),
        Part(content.full_name, name, 1, 1.16),
        Part(_post(content) + ("" if unit else content.unit), 13, 4.4),
        Part(unit, 13, 0.8),
        Part("Đã hoàn thành", 13, 2.4),
        Part(content.course, 17, 0.8),
        Part(content.course_en if both else "", 12, 0.4),
        Part(content.title if content.title != content.course else "", 13, 0.8),
        Part(content.basis, 13, 0.8),
        Part("n" * facts, 13, 1.8),
    ]
    return [*parts, Part("Có giá trị đến hết ngày", 13, 1.8)] if content.valid_through else parts


def _post(content: Content) -> str:
    """Birth date and position with their labels, about as wide as they are set."""
    labels = 60 if content.layout == "bilingual" else 35
    return content.birth_date + content.position + "o" * labels


def _is_unit_apart(content: Content) -> bool:
    """Whether the unit goes to a line of its own, rather than break in the middle."""
    return lines(_post(content) + content.unit, 13, MIDDLE[0]) > 1


def _head(content: Content) -> list[Part]:
    english = content.issuer_name_en if content.layout == "bilingual" else ""
    return [
        Part(content.superior_name.upper(), 12.5),
        Part(content.issuer_name.upper(), 12.8),
        Part(english, 10),
        Part("Số", 13, 3.5),
    ]


def _sign(content: Content) -> list[Part]:
    english = content.signing_authority_en if content.layout == "bilingual" else ""
    own = [Part(line.upper(), 13.4) for line in content.signing_authority.splitlines()]
    return [*own, *(Part(line, 10) for line in english.splitlines())]


def pdf_of(content: Content) -> bytes:
    """The document, printed by the child process of this one. Never inside a transaction."""
    return renderer_for(ASSETS).print(
        html_of(content), sheet="certificate.css", ground="ground.svg"
    )


def qr_svg(address: str) -> str:
    """The QR of the address as flat vector paths, without a quiet zone of its own."""
    code = segno.make(address, error="m", micro=False)
    drawn: str = code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return drawn
