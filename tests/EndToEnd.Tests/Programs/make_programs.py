"""Makes the TorchScript checkpoints of these tests, with PyTorch 1.13: `python3 make_programs.py`."""
import pathlib

import torch
from torch import nn

here = pathlib.Path(__file__).parent
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


for program in (Honest(), Forger(), Flood(), Endless()):
    torch.jit.script(program).save(str(here / f"{type(program).__name__.lower()}.pt"))
