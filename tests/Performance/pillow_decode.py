"""The work of `Leaderboard.Performance decode FOLDER` done by Pillow and torchvision's rules, on one thread.

Prints the same JSON: files in memory, best of rounds. Run with the python3 that has Debian's python3-pil.
"""

import io
import json
import pathlib
import sys
import time

from PIL import Image

ROUNDS = 7
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


def main(folder):
    paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    files = [path.read_bytes() for path in paths]
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for data in files:
            transform(data)
        best = min(best, time.perf_counter() - start)
    print(json.dumps({"images": len(files), "seconds": round(best, 6), "images_per_second": round(len(files) / best, 1)}))


if __name__ == "__main__":
    main(sys.argv[1])
