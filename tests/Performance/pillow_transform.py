"""The work of `Leaderboard.Performance transform FOLDER` done by Pillow and torchvision's rules, on one thread.

Prints the same JSON: files in memory, each file's best of rounds, and a digest of each image's bytes. Run with the
python3 that has Debian's python3-pil.
"""

import hashlib
import io
import json
import pathlib
import sys
import time

import PIL
from PIL import Image

RESIZE, CROP = 256, 224


def transform(data):
    image = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = image.size
    short, long = min(width, height), max(width, height)
    long = int(RESIZE * long / short)
    size = (RESIZE, long) if width <= height else (long, RESIZE)
    image = image.resize(size, Image.Resampling.BILINEAR)
    left = int(round((size[0] - CROP) / 2.0))
    top = int(round((size[1] - CROP) / 2.0))
    return image.crop((left, top, left + CROP, top + CROP)).tobytes()


def main(folder, rounds):
    paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    files = [path.read_bytes() for path in paths]
    best = [float("inf")] * len(files)
    for _ in range(int(rounds)):
        for i, data in enumerate(files):
            start = time.perf_counter()
            transform(data)
            best[i] = min(best[i], time.perf_counter() - start)
    print(json.dumps({
        "subject": "pillow", "library": f"Pillow {PIL.__version__}", "images": len(files), "seconds": round(sum(best), 6),
        "digests": [hashlib.sha256(transform(data)).hexdigest() for data in files]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
