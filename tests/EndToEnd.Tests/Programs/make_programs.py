"""Makes the TorchScript and ONNX checkpoints of these tests, with PyTorch 1.13: `/usr/bin/python3 make_programs.py`."""
import json
import pathlib
import sys

import torch
from torch import nn

here = pathlib.Path(__file__).parent
root = here.parents[2]
sys.path.append(str(root / "tests" / "Evaluator.Tests" / "Goldens" / "architectures"))

from networks_cnn import CifarResNet  # noqa: E402

torch.manual_seed(0)


class Honest(nn.Module):
    """Tells ten classes by the mean of each colour: a program that only its own code describes."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 10)

    def forward(self, images):
        return self.linear(images.mean((2, 3)))


class Forger(nn.Module):
    """Prints what the runner's own events look like, and answers nothing worth having."""

    def forward(self, images):
        print('{"event":"finished","engine":"forged","libraries":{},"duration_seconds":1,'
              '"images_per_second":1e9,"peak_memory_bytes":1}')
        return torch.zeros(images.size(0), 10)


class Flood(nn.Module):
    """Prints 256 MiB without a line break for every batch."""

    def forward(self, images):
        text = "x"
        for _ in range(28):
            text = text + text
        print(text)
        return torch.zeros(images.size(0), 10)


class Endless(nn.Module):
    def forward(self, images):
        while bool(images.size(0) > 0):
            images = images + 1
        return images


class Enormous(nn.Module):
    """Features so large that beside their rounding no penalty shows: nothing proves a head to be the best."""

    def forward(self, images):
        return images.mean((2, 3)) * 1e12


class Features(CifarResNet):
    """A CIFAR ResNet-20 up to what its classifier computes on."""

    def __init__(self):
        super().__init__(20, "around", 10)
        del self.linear

    def forward(self, images):
        x = nn.functional.relu(self.bn1(self.conv1(images)))
        return self.layer3(self.layer2(self.layer1(x))).mean((2, 3))


def demo_features():
    """The demo's network."""
    content = (root / "src" / "Demo" / "demo_resnet20.safetensors").read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    tensors = {
        name: torch.frombuffer(bytearray(content[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]]),
                               dtype=torch.float32).view(entry["shape"])
        for name, entry in json.loads(content[8:start]).items() if name != "__metadata__" and entry["dtype"] == "F32"}
    model = Features()
    del tensors["linear.weight"], tensors["linear.bias"]
    left = model.load_state_dict(tensors, strict=False)
    assert not left.unexpected_keys and all(name.endswith("num_batches_tracked") for name in left.missing_keys)
    return model.eval()


for program in (Honest(), Forger(), Flood(), Endless(), Enormous()):
    torch.jit.script(program).save(str(here / f"{type(program).__name__.lower()}.pt"))

images = torch.zeros(2, 3, 32, 32)
torch.jit.trace(demo_features(), images).save(str(here / "features.pt"))
torch.onnx.export(
    demo_features(), images, str(here / "features.onnx"), input_names=["images"], output_names=["features"],
    dynamic_axes={"images": {0: "count"}, "features": {0: "count"}})
