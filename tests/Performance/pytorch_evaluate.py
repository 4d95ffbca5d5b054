"""The peer of an evaluation: PyTorch eager, torchvision's transforms, a DataLoader with as many workers as cores.

    pytorch_evaluate.py weights OUT.pth FOLDER       a ResNet-50 with seeded random weights, as torch.save writes it
    pytorch_evaluate.py program WEIGHTS OUT.pt       the same as TorchScript, for a newer libtorch to run
    pytorch_evaluate.py evaluate ARCHITECTURE WEIGHTS FOLDER [channels_last]
                                                     classify every JPEG of the folder; prints JSON

Timings leave out the loading of weights and the warm-up, which finds out whether PyTorch is faster with as many threads
as there are cores or with as many as it takes by itself.
"""
import json
import os
import sys
import time

import torch
import torchvision

from pytorch_common import Files, library

BATCH_SIZE = 16
CENTRED_ON = 48


@torch.inference_mode()
def save_weights(out, folder):
    torch.manual_seed(0)
    network = torchvision.models.resnet50().eval()
    for name, module in network.named_modules():
        if name.endswith("bn3"):
            module.weight.fill_(0.2)  # else the signal doubles from block to block
    network.fc.weight.mul_(100)  # logits as far apart as a trained network's
    # A random network answers to every image with the same class, unless what its logits have in common goes.
    files = Files(folder)
    images = [files[i] for i in range(0, len(files), max(1, len(files) // CENTRED_ON))]
    logits = torch.cat([network(torch.stack(images[i:i + BATCH_SIZE])) for i in range(0, len(images), BATCH_SIZE)])
    network.fc.bias.sub_(logits.mean(0))
    torch.save(network.state_dict(), out)


def load(architecture, weights):
    network = getattr(torchvision.models, architecture)()
    network.load_state_dict(torch.load(weights))
    return network.eval()


def save_program(weights, out):
    torch.jit.script(load("resnet50", weights)).save(out)


def choose_threads(network, batch):
    seconds = {}
    for threads in {torch.get_num_threads(), os.cpu_count()}:
        torch.set_num_threads(threads)
        network(batch)
        start = time.perf_counter()
        network(batch)
        seconds[threads] = time.perf_counter() - start
    torch.set_num_threads(min(seconds, key=seconds.get))


@torch.inference_mode()
def evaluate(architecture, weights, folder, layout="contiguous_format"):
    layout, subject = getattr(torch, layout), " ".join(["pytorch", architecture, *sys.argv[5:]])
    network = load(architecture, weights).to(memory_format=layout)
    choose_threads(network, torch.zeros(BATCH_SIZE, 3, 224, 224).to(memory_format=layout))
    files = Files(folder)
    start = time.perf_counter()
    loader = torch.utils.data.DataLoader(files, batch_size=BATCH_SIZE, num_workers=os.cpu_count())
    logits = torch.cat([network(batch.to(memory_format=layout)) for batch in loader])
    seconds = time.perf_counter() - start
    best, classes = logits.topk(2)
    print(json.dumps({
        "subject": subject, "images": len(files), "seconds": round(seconds, 6), "library": library(),
        "predictions": classes[:, 0].tolist(), "margins": (best[:, 0] - best[:, 1]).tolist()}))


if __name__ == "__main__":
    {"weights": save_weights, "program": save_program, "evaluate": evaluate}[sys.argv[1]](*sys.argv[2:])
