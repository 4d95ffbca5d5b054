"""The peer of an evaluation: PyTorch eager, torchvision's transforms, a DataLoader with as many workers as cores.

    pytorch_evaluate.py weights OUT.pth              a ResNet-50 with seeded random weights, as torch.save writes it
    pytorch_evaluate.py evaluate WEIGHTS LIST SIZE   classify the files named in LIST, SIZE images a batch; prints JSON
    pytorch_evaluate.py forward WEIGHTS COUNT SIZE   the forward pass alone, on COUNT images that are in memory

Timings leave out the loading of weights and one warm-up batch.
"""
import json
import os
import sys
import time

import torch
import torchvision
from PIL import Image
from torchvision import transforms


def resnet50(weights):
    network = torchvision.models.resnet50()
    network.load_state_dict(torch.load(weights))
    return network.eval()


def save_weights(out):
    torch.manual_seed(0)
    torch.save(torchvision.models.resnet50().state_dict(), out)


class Files(torch.utils.data.Dataset):
    transform = transforms.Compose([
        transforms.Resize(256),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ])

    def __init__(self, files):
        self.files = files

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with Image.open(self.files[index]) as image:
            return self.transform(image.convert("RGB"))


@torch.inference_mode()
def evaluate(weights, listing, batch_size):
    network = resnet50(weights)
    files = Files(open(listing).read().splitlines())
    network(torch.zeros(batch_size, 3, 224, 224))
    start = time.perf_counter()
    loader = torch.utils.data.DataLoader(files, batch_size=batch_size, num_workers=os.cpu_count())
    predictions = torch.cat([network(batch).argmax(1) for batch in loader])
    seconds = time.perf_counter() - start
    return {"images": len(files), "seconds": seconds, "predictions": predictions.tolist()}


@torch.inference_mode()
def forward(weights, count, batch_size):
    network = resnet50(weights)
    batch = torch.rand(batch_size, 3, 224, 224)
    network(batch)
    start = time.perf_counter()
    for _ in range(0, count, batch_size):
        network(batch)
    return {"images": count, "seconds": time.perf_counter() - start}


if __name__ == "__main__":
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "weights":
        save_weights(*arguments)
    else:
        weights, what, size = arguments
        result = evaluate(weights, what, int(size)) if command == "evaluate" else forward(weights, int(what), int(size))
        result["images_per_second"] = result["images"] / result["seconds"]
        print(json.dumps(result))
