"""The peer of an evaluation: PyTorch eager, torchvision's transforms, a DataLoader with as many workers as cores.

    pytorch_evaluate.py weights OUT.pth              a ResNet-50 with seeded random weights, as torch.save writes it
    pytorch_evaluate.py program OUT.pt               the same as TorchScript, for a newer libtorch to run
    pytorch_evaluate.py evaluate ARCHITECTURE WEIGHTS FOLDER
                                                     classify every JPEG of the folder; prints JSON

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


def seeded():
    torch.manual_seed(0)
    return torchvision.models.resnet50().eval()


def save_weights(out):
    torch.save(seeded().state_dict(), out)


def save_program(out):
    torch.jit.script(seeded()).save(out)


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
def evaluate(architecture, weights, folder):
    network = getattr(torchvision.models, architecture)()
    network.load_state_dict(torch.load(weights))
    network.eval()
    files = Files(sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg")))
    network(torch.zeros(BATCH_SIZE, 3, 224, 224))
    start = time.perf_counter()
    loader = torch.utils.data.DataLoader(files, batch_size=BATCH_SIZE, num_workers=os.cpu_count())
    logits = torch.cat([network(batch) for batch in loader])
    seconds = time.perf_counter() - start
    best, classes = logits.topk(2)
    print(json.dumps({
        "subject": f"pytorch {architecture}", "images": len(files), "seconds": round(seconds, 6),
        "predictions": classes[:, 0].tolist(), "margins": (best[:, 0] - best[:, 1]).tolist()}))


if __name__ == "__main__":
    {"weights": save_weights, "program": save_program, "evaluate": evaluate}[sys.argv[1]](*sys.argv[2:])
