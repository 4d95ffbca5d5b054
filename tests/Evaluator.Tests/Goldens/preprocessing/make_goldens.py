#!/usr/bin/python3
"""Makes the goldens of the preprocessing tests with Pillow and torchvision (Debian: python3-pil, python3-torchvision).

    make_goldens.py [REALDATA]

transforms.json     resize and crop of synthetic images, which both sides compute from one integer rule
normalised.json     float32 of ToTensor and Normalize for all 256 values, as hexadecimal bits
formats/, formats.json   one small file a format, the digest of its RGB pixels, and whether its first half still opens
realdata.json       digests for the real images of REALDATA (default: ../shared/realdata beside the repository); the
                    images themselves stay there
"""

import hashlib
import io
import json
import pathlib
import struct
import sys
import zlib

import numpy
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import InterpolationMode

HERE = pathlib.Path(__file__).resolve().parent
FORMATS = HERE / "formats"
MODES = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}


def synthetic(width, height):
    """The rule: noise of the full range, so that the bicubic filter over- and undershoots."""
    x, y, c = numpy.arange(width), numpy.arange(height)[:, None], numpy.arange(3)
    n = (x * 73 + y * 151 + x * y * 3)[:, :, None].astype(numpy.uint64) + (c * 199).astype(numpy.uint64)
    return (((n * numpy.uint64(2654435761)) & numpy.uint64(0xFFFFFFFF)) >> numpy.uint64(24)).astype(numpy.uint8)


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


def pipeline(resize, interpolation, crop):
    steps = []
    if resize is not None:
        steps.append(transforms.Resize(resize, interpolation=MODES[interpolation]))
    if crop is not None:
        steps.append(transforms.CenterCrop(crop))
    return transforms.Compose(steps)


def transform_cases():
    sizes = [(1, 1), (1, 7), (7, 1), (1, 300), (300, 1), (2, 3), (3, 2), (5, 5), (17, 33), (33, 17), (31, 32), (32, 31),
             (32, 32), (64, 48), (48, 64), (100, 101), (101, 100), (224, 224), (256, 256), (255, 257), (257, 255),
             (500, 375), (375, 500), (333, 500), (640, 427), (1000, 40), (40, 1000), (777, 778)]
    plans = [(256, 224), (224, 224), (32, 32), (32, None), (33, 28), (40, 35), (16, 21), (9, 24), (64, 63)]
    for width, height in sizes:
        for resize, crop in plans:
            for interpolation in MODES:
                if crop is None and max(width, height) > 64 * min(width, height):
                    continue
                yield width, height, resize, interpolation, crop
    for width, height in sizes:
        for crop in (8, 31, 32, 224):
            yield width, height, None, "bilinear", crop


def make_transforms():
    cases = []
    for width, height, resize, interpolation, crop in transform_cases():
        image = pipeline(resize, interpolation, crop)(Image.fromarray(synthetic(width, height)))
        cases.append({"width": width, "height": height, "resize": resize, "interpolation": interpolation, "crop": crop,
                      "output_width": image.width, "output_height": image.height, "sha256": digest(image)})
    write("transforms.json", cases)


def make_normalised():
    cases = []
    for mean, std in [((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)), ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
                      ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))]:
        ramp = Image.fromarray(numpy.repeat(numpy.arange(256, dtype=numpy.uint8)[None, :, None], 3, axis=2))
        values = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])(ramp)
        bits = values.contiguous().view(torch.int32).numpy().astype("<i4").tobytes().hex()
        cases.append({"mean": mean, "std": std, "planes": bits})
    write("normalised.json", cases)


def png(width, height, depth, colour, rows, palette=None, transparency=None):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))]
    if palette:
        parts.append(chunk(b"PLTE", palette))
    if transparency:
        parts.append(chunk(b"tRNS", transparency))
    parts.append(chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))))
    return b"".join(parts + [chunk(b"IEND", b"")])


def handmade_pngs():
    """Every colour type and depth: Pillow cannot write most of them."""
    width, height = 19, 5
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
    palette = bytes((i * 37 + 11) % 256 for i in range(768))
    for colour, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
        for depth in depths:
            length = (width * depth * channels[colour] + 7) // 8
            rows = [bytes((x * 89 + y * 57 + x * y) % 256 for x in range(length)) for y in range(height)]
            entries = palette[: 3 << depth] if colour == 3 else None
            yield f"png-{colour}-{depth}.png", png(width, height, depth, colour, rows, entries)
            if colour in (0, 2, 3):
                clear = bytes((i * 91) % 256 for i in range(2)) if colour == 3 else b"\0\1" * channels[colour]
                yield f"png-{colour}-{depth}-trns.png", png(width, height, depth, colour, rows, entries, clear)
    small = [bytes((x + 20 * y) % 256 for x in range(2 * width)) for y in range(height)]
    yield "png-16-dark.png", png(width, height, 16, 0, [b"".join(b"\0" + row[i:i + 1] for i in range(width)) for row in small])


def saved(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def resampled(jpeg, sampling, swap=False):
    """The same scan under another sampling of the luma that has as many blocks: a valid file of a scrambled picture."""
    data = bytearray(jpeg)
    at = next(i for i in range(len(data)) if data[i] == 0xFF and data[i + 1] in (0xC0, 0xC2))
    data[at + 11] = sampling
    if swap:
        data[at + 5:at + 7], data[at + 7:at + 9] = data[at + 7:at + 9], data[at + 5:at + 7]
    return bytes(data)


def format_files():
    smooth = Image.fromarray(synthetic(9, 7)).resize((75, 59), Image.Resampling.BICUBIC)
    grey, cmyk = smooth.convert("L"), smooth.convert("CMYK")
    for name, sampling in (("444", 0), ("422", 1), ("420", 2)):
        yield f"jpeg-{name}.jpg", saved(smooth, "JPEG", subsampling=sampling, quality=85)
        yield f"jpeg-{name}-progressive.jpg", saved(smooth, "JPEG", subsampling=sampling, progressive=True)
    yield "jpeg-440.jpg", resampled(saved(smooth, "JPEG", subsampling=1), 0x12, swap=True)
    square = smooth.resize((64, 64), Image.Resampling.BILINEAR)
    yield "jpeg-411.jpg", resampled(saved(square, "JPEG", subsampling=2), 0x41)
    yield "jpeg-441.jpg", resampled(saved(square, "JPEG", subsampling=2), 0x14)
    yield "jpeg-odd-sampling.jpg", resampled(saved(square, "JPEG", subsampling=0), 0x31)
    yield "jpeg-grey.jpg", saved(grey, "JPEG")
    yield "jpeg-grey-progressive.jpg", saved(grey, "JPEG", progressive=True)
    yield "jpeg-cmyk.jpg", saved(cmyk, "JPEG")
    yield "jpeg-cmyk-progressive.jpg", saved(cmyk, "JPEG", progressive=True)
    yield "jpeg-restart.jpg", saved(smooth, "JPEG", restart_marker_blocks=2)
    yield "jpeg-garbage-behind.jpg", saved(smooth, "JPEG") + b"garbage"
    yield "jpeg-named.png", saved(smooth, "JPEG")
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "jpeg-exif.jpg", saved(smooth, "JPEG", exif=exif)
    broken = bytearray(saved(smooth, "JPEG", quality=90))
    broken[len(broken) // 2:len(broken) // 2 + 8] = bytes(range(1, 9))
    yield "jpeg-corrupt-scan.jpg", bytes(broken)
    yield from handmade_pngs()
    yield "webp-lossy.webp", saved(smooth, "WEBP", quality=80)
    yield "webp-lossless.webp", saved(smooth, "WEBP", lossless=True)
    alpha = smooth.copy()
    alpha.putalpha(grey)
    yield "webp-alpha.webp", saved(alpha, "WEBP", lossless=True, exact=True)
    yield "webp-alpha-lossy.webp", saved(alpha, "WEBP", quality=80)
    yield "webp-animated.webp", saved(smooth, "WEBP", save_all=True, append_images=[Image.new("RGB", smooth.size)])
    palette = smooth.quantize(32)
    yield "gif-palette.gif", saved(palette, "GIF", interlace=0)
    yield "gif-interlaced.gif", saved(palette, "GIF", interlace=1)
    yield "gif-grey.gif", saved(grey, "GIF")
    yield "gif-transparent.gif", saved(palette, "GIF", transparency=3)
    for name, options in (("", {}), ("-transparent", {"transparency": 3})):
        larger = bytearray(saved(palette, "GIF", **options))
        larger[6], larger[8] = 90, 70
        yield f"gif{name}-larger-screen.gif", bytes(larger)
    yield "gif-animated.gif", saved(palette, "GIF", save_all=True, append_images=[smooth.rotate(180).quantize(32)])
    yield "bmp-24.bmp", saved(smooth, "BMP")
    yield "bmp-8.bmp", saved(palette, "BMP")
    yield "bmp-grey.bmp", saved(grey, "BMP")
    yield "bmp-1.bmp", saved(grey.convert("1"), "BMP")
    yield "bmp-32.bmp", saved(alpha, "BMP")
    yield from handmade_bmps()
    yield "bmp-without-last-padding.bmp", saved(grey, "BMP")[:-1]


def handmade_bmps():
    width, height = 11, 6

    def bmp(bits, compression, extra, colours=0, sign=1):
        stride = (width * bits + 31) // 32 * 4
        pixels = bytes((i * 71 + i // 13) % 256 for i in range(stride * height))
        offset = 54 + len(extra)
        header = struct.pack("<IiiHHIIiiII", 40, width, sign * height, 1, bits, compression, len(pixels), 1, 1, colours, 0)
        return struct.pack("<2sIHHI", b"BM", offset + len(pixels), 0, 0, offset) + header + extra + pixels

    yield "bmp-4.bmp", bmp(4, 0, bytes((i * 29) % 256 for i in range(64)))
    yield "bmp-555.bmp", bmp(16, 0, b"")
    yield "bmp-565.bmp", bmp(16, 3, struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    yield "bmp-32-fields.bmp", bmp(32, 3, struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00))
    yield "bmp-top-down.bmp", bmp(24, 0, b"", sign=-1)
    yield "bmp-short-palette.bmp", bmp(8, 0, bytes((i * 29) % 256 for i in range(40)), colours=10)


def opened(data):
    try:
        return Image.open(io.BytesIO(data)).convert("RGB")
    except (OSError, SyntaxError, ValueError, struct.error, EOFError, IndexError):
        return None


def make_formats():
    FORMATS.mkdir(exist_ok=True)
    for old in FORMATS.iterdir():
        old.unlink()
    cases = []
    for name, data in format_files():
        (FORMATS / name).write_bytes(data)
        image = opened(data)
        cases.append({"file": name, "width": image.width, "height": image.height, "sha256": digest(image),
                      "half_opens": opened(data[:len(data) // 2]) is not None})
    write("formats.json", cases)


def make_realdata(folder):
    images = folder / "images"
    imagenet = []
    for path in sorted((images / "imagenet").iterdir()):
        image = Image.open(path).convert("RGB")
        imagenet.append({"file": path.name, "bilinear_256_224": digest(pipeline(256, "bilinear", 224)(image)),
                         "bicubic_224_224": digest(pipeline(224, "bicubic", 224)(image))})
    folders = {}
    for name in ("cifar10_jpg", "cifar10_png"):
        total = hashlib.sha256()
        for path in sorted((images / name).rglob("*.*"), key=lambda path: path.relative_to(images).as_posix()):
            total.update(Image.open(path).convert("RGB").tobytes())
        folders[name] = total.hexdigest()
    odd = []
    for path in sorted((folder / "odd_images").iterdir()):
        if path.suffix != ".csv" and path.name not in ("reallybig.bmp", "max_size.jpg"):
            image = opened(path.read_bytes())
            odd.append({"file": path.name, "sha256": digest(image) if image else None})
    write("realdata.json", {"imagenet": imagenet, "folders": folders, "odd_images": odd})


def write(name, value):
    if isinstance(value, list):
        text = "[\n" + ",\n".join("  " + json.dumps(case) for case in value) + "\n]\n"
    else:
        text = json.dumps(value, indent=1) + "\n"
    (HERE / name).write_text(text)


if __name__ == "__main__":
    make_transforms()
    make_normalised()
    make_formats()
    make_realdata(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[4] / "shared" / "realdata")
