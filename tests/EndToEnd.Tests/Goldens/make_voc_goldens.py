"""Makes voc_of_cifar.json with PyTorch 1.13, scikit-learn and Pillow (Debian: python3-torch, python3-sklearn,
python3-pil): what the low-shot protocol gives on the folder that VocOfCifar.cs lays out, draw by draw.

    /usr/bin/python3 make_voc_goldens.py ../../../../shared/realdata
"""
import json
import pathlib
import random
import sys

import numpy as np
import torch
from PIL import Image

here = pathlib.Path(__file__).parent
goldens = here.parents[1] / "Evaluator.Tests" / "Goldens"
sys.path += [str(goldens / "architectures"), str(goldens / "protocols")]

from make_goldens import average_precision, draw, fit, normalised  # noqa: E402
from networks_cnn import CifarResNet  # noqa: E402

CLASSES, TRAIN, TEST, SHOTS = 20, 60, 40, 4


def network(path):
    weights = torch.load(path, map_location="cpu")["state_dict"]
    model = CifarResNet(20, "around", 10)
    model.load_state_dict({name[len("module."):]: tensor for name, tensor in weights.items()}, strict=False)
    model.linear = torch.nn.Identity()
    return model.eval()


def features(model, files):
    pixels = np.stack([np.asarray(Image.open(file).convert("RGB")) for file in files])
    images = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    mean, std = [torch.tensor(x).view(1, 3, 1, 1) for x in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]
    with torch.no_grad():
        return model((images - mean) / std).numpy()


def labels(c, i):
    """Of image i of CIFAR's class c: one of VOC's first ten classes and two of the others; if i is odd one is difficult."""
    return {c, 10 + c} | ({10 + (c + 9) % 10} if i % 2 == 0 else set())


def main(realdata):
    model = network(realdata / "checkpoints" / "cifar_resnet20_akamaster.th")
    folders = sorted((realdata / "images" / "cifar10_jpg").iterdir())
    split = {"train": ([], []), "test": ([], [])}
    for c, folder in enumerate(folders):
        for i, file in enumerate(sorted(folder.iterdir())[:TRAIN + TEST]):
            files, classes = split["train" if i < TRAIN else "test"]
            files.append(file)
            classes.append(labels(c, i))
    (train, train_labels), (test, test_labels) = [
        (normalised(features(model, files)), classes) for files, classes in split.values()]
    random.seed(0)
    samples_of_class = [[s for s, classes in enumerate(train_labels) if c in classes] for c in range(CLASSES)]
    # The draws of fewer images come first from the same sequence.
    draws = [draw(samples_of_class, shots) for shots in (1, 2, SHOTS) for _ in range(5)][-5:]
    scores = []
    for samples in draws:
        precisions = []
        for c in range(CLASSES):
            signs = np.array([1 if c in train_labels[s] else -1 for s in samples])
            decisions = fit(train[samples], signs, {1: 2, -1: 1}).decision_function(test)
            precisions.append(average_precision(np.array([c in classes for classes in test_labels]), decisions))
        scores.append(float(np.mean(precisions)))
    (here / "voc_of_cifar.json").write_text(json.dumps({"draws": scores}) + "\n")
    print(scores)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
