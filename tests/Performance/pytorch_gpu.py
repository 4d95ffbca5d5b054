"""The peer of an evaluation on a GPU: PyTorch eager, torchvision's transforms, a DataLoader into page-locked memory.

    pytorch_gpu.py DEVICE NETWORK PRECISION WEIGHTS FOLDER COUNT WORKERS

Classifies COUNT samples of the folder's JPEGs, end to end and by the forward pass alone, and prints two lines of JSON.
WEIGHTS is safetensors with torchvision's names. Channels last, batches of 128, TF32 off; of two rounds the second
counts, as on the other side.
"""

import json
import math
import pathlib
import struct
import sys
import time

import torch
import torchvision

from pytorch_common import Files, library

BATCH_SIZE = 128
FORWARD_BATCHES = 50


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    length, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    return {
        name: torch.frombuffer(
            bytearray(data[8 + length + entry["data_offsets"][0]:8 + length + entry["data_offsets"][1]]),
            dtype=torch.float32).reshape(entry["shape"])
        for name, entry in header.items() if name != "__metadata__"}


def synchronise(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def report(subject, images, seconds, predictions=None):
    line = {"subject": subject, "library": library(), "images": images, "seconds": round(seconds, 6), "predictions": predictions}
    print(json.dumps({name: value for name, value in line.items() if value is not None}), flush=True)


def end_to_end(network, device, dtype, loader):
    start = time.perf_counter()
    predictions = []
    for batch in loader:
        batch = batch.to(device, non_blocking=True).to(dtype, memory_format=torch.channels_last)
        predictions.append(network(batch).argmax(1))
    predictions = torch.cat(predictions).tolist()
    return time.perf_counter() - start, predictions


def forward(network, device, dtype, batches):
    images = torch.randn(BATCH_SIZE, 3, 224, 224, device=device, dtype=dtype).to(memory_format=torch.channels_last)
    for _ in range(max(1, batches // 10)):
        network(images)
    synchronise(device)
    start = time.perf_counter()
    for _ in range(batches):
        network(images)
    synchronise(device)
    return time.perf_counter() - start


@torch.inference_mode()
def main(device, name, precision, weights, folder, count, workers):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    device, dtype, count = torch.device(device), getattr(torch, precision), int(count)
    network = getattr(torchvision.models, name)()
    missing, unexpected = network.load_state_dict(read_safetensors(weights), strict=False)
    assert not unexpected and all(key.endswith("num_batches_tracked") for key in missing), (missing, unexpected)
    network = network.eval().to(device, dtype, memory_format=torch.channels_last)

    loader = torch.utils.data.DataLoader(
        Files(folder, count), batch_size=BATCH_SIZE, num_workers=int(workers), pin_memory=device.type == "cuda")
    for _ in range(2):
        seconds, predictions = end_to_end(network, device, dtype, loader)
    report(f"pytorch {name} {precision}", count, seconds, predictions)

    batches = min(FORWARD_BATCHES, math.ceil(count / BATCH_SIZE))
    report(f"pytorch-forward {name} {precision}", batches * BATCH_SIZE, forward(network, device, dtype, batches))


if __name__ == "__main__":
    main(*sys.argv[1:])
