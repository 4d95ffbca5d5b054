"""The peer of an evaluation: PyTorch eager, torchvision's transforms, a DataLoader with as many workers as cores.

    pytorch_evaluate.py weights OUT.pth              a ResNet-50 with seeded random weights, as torch.save writes it
    pytorch_evaluate.py evaluate WEIGHTS FOLDER      classify every JPEG of the folder; prints JSON

Timings leave out the loading of weights and one warm-up batch.
"""
import json
import os
import pathlib
import sys
import time

import torch
import torchvision
from PIL import Image
from torchvision import transforms

BATCH_SIZE = 16


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
def evaluate(weights, folder):
    network = resnet50(weights)
    files = Files(sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg")))
    network(torch.zeros(BATCH_SIZE, 3, 224, 224))
    start = time.perf_counter()
    loader = torch.utils.data.DataLoader(files, batch_size=BATCH_SIZE, num_workers=os.cpu_count())
    predictions = torch.cat([network(batch).argmax(1) for batch in loader])
    seconds = time.perf_counter() - start
    print(json.dumps({
        "images": len(files), "seconds": round(seconds, 6), "images_per_second": round(len(files) / seconds, 2),
        "predictions": predictions.tolist()}))


if __name__ == "__main__":
    {"weights": save_weights, "evaluate": evaluate}[sys.argv[1]](*sys.argv[2:])
