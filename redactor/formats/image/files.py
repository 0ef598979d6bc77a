"""Picture files: frames of pixels in, frames of pixels out, nothing beside the pixels.

EXIF (place, camera, thumbnail), XMP, IPTC, comments, PNG text and colour profiles with their
texts go; what EXIF says of the picture's orientation and what a profile says of its colours
is worked into the pixels first.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redactor.errors import UnreadableError

MAX_PIXELS = 120_000_000  # of one frame: a page of A3 at 600 dpi has 70 million
MAX_FRAMES = 2_000
FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")
# what stays beside the pixels: it says how to show them, not where they come from
_KEPT_INFO = ("dpi", "compression", "gamma", "loop", "duration", "background")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file. ``frames`` are ``PIL.Image`` with nothing beside their pixels."""

    kind: str  # PIL's name of the file format
    frames: list[Any]
    infos: list[Mapping[str, Any]]
    dropped: tuple[str, ...]  # kinds of what stood beside the pixels
    options: Mapping[str, Any]  # for saving in the source's way


def read_picture(data: bytes) -> Picture:
    """All frames of a picture.

    Raises:
        UnreadableError: no picture of a kind that is handled, damaged, or absurdly large.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            kind = str(image.format)
            count = int(getattr(image, "n_frames", 1))
            if count > MAX_FRAMES:
                raise UnreadableError(f"the picture has {count} frames, more than {MAX_FRAMES}")
            frames: list[Any] = []
            infos: list[Mapping[str, Any]] = []
            dropped: set[str] = set()
            options = _options(image)
            for number in range(count):
                image.seek(number)
                if image.width * image.height > MAX_PIXELS:
                    raise UnreadableError(
                        f"the picture has {image.width} x {image.height} pixels, more than is "
                        "handled: scale it down"
                    )
                dropped |= _beside(image)
                infos.append({key: image.info[key] for key in _KEPT_INFO if key in image.info})
                frames.append(_bare(image))
    except UnidentifiedImageError:
        raise UnreadableError(
            "this is no picture that can be read, whatever its name says"
        ) from None
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise UnreadableError(f"the picture is damaged ({type(error).__name__})") from None
    return Picture(kind, frames, infos, tuple(sorted(dropped)), options)


def write_picture(picture: Picture, frames: Sequence[Any]) -> bytes:
    """Frames in the source's file format and as close to its settings as can be."""
    target = io.BytesIO()
    first, rest = frames[0], list(frames[1:])
    options: dict[str, Any] = {**picture.infos[0], **picture.options}
    if picture.kind in ("TIFF", "WEBP", "PNG") and rest:
        options |= {"save_all": True, "append_images": rest}
    options.pop("background", None)
    if picture.kind == "BMP":
        options = {key: value for key, value in options.items() if key == "dpi"}
    first.save(target, picture.kind, **options)
    return target.getvalue()


def _bare(image: Any) -> Any:
    """The pixels of the current frame, upright, in sRGB, without anything beside them."""
    from PIL import Image, ImageCms, ImageOps

    frame: Any = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    if profile and frame.mode in ("RGB", "CMYK", "L"):
        try:
            frame = ImageCms.profileToProfile(
                frame, io.BytesIO(profile), ImageCms.createProfile("sRGB"),
                outputMode=None if frame.mode == "RGB" else "RGB",
            )  # fmt: skip
        except (ImageCms.PyCMSError, OSError):
            frame = frame.copy()  # a broken profile says nothing of the colours
    else:
        frame = frame.copy()
    transparency = frame.info.get("transparency")
    bare: Any = Image.new(frame.mode, frame.size)
    if frame.mode == "P":
        bare.putpalette(frame.getpalette("RGB"))
        if transparency is not None:
            bare.info["transparency"] = transparency
    bare.paste(frame)
    return bare


def _beside(image: Any) -> set[str]:
    """Kinds of what stands beside the pixels of the current frame."""
    found = set()
    if image.format != "TIFF" and image.getexif():  # a TIFF's tags are its structure too
        found.add("exif")
    found |= {_BESIDE[key] for key in image.info if key in _BESIDE}
    if getattr(image, "text", None):
        found.add("text")
    tags = getattr(image, "tag_v2", None)
    if tags is not None and any(tag in tags for tag in _TIFF_TEXTS):
        found.add("tags")
    return found


_BESIDE = {
    "xmp": "xmp", "XML:com.adobe.xmp": "xmp", "icc_profile": "icc", "photoshop": "iptc",
    "comment": "comment", "exif": "exif", "mp": "pictures", "mpoffset": "pictures",
}  # fmt: skip
# TIFF 6.0 and its extensions: names, places, programs, dates, XMP, IPTC, Photoshop, EXIF, GPS
_TIFF_TEXTS = (269, 270, 271, 272, 285, 305, 306, 315, 316, 700, 33432, 33723, 34377, 34665, 34853)


def _options(image: Any) -> dict[str, Any]:
    if image.format == "JPEG":
        from PIL import JpegImagePlugin

        options: dict[str, Any] = {"qtables": image.quantization, "optimize": True}
        sampling = JpegImagePlugin.get_sampling(image)
        if sampling >= 0:
            options["subsampling"] = sampling
        if image.info.get("progressive"):
            options["progressive"] = True
        return options
    if image.format == "WEBP":
        return {"lossless": True, "exact": True}
    if image.format == "TIFF":
        kept = image.info.get("compression")
        # of lossy kinds only the pixels are at hand: stored without loss
        safe = (
            kept
            if kept in ("group3", "group4", "tiff_lzw", "packbits", "tiff_adobe_deflate")
            else None
        )
        return {"compression": safe or "tiff_adobe_deflate"}
    return {}
