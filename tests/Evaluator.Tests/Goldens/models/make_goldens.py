#!/usr/bin/env python3
"""Makes the goldens beside it with PyTorch 1.13 and torchvision 0.14 (Debian 12: python3-torch, python3-torchvision).

    /usr/bin/python3 make_goldens.py

logits.json   logits of every architecture, its weights and input computed from their names, so that neither is stored
formats/*     small checkpoints in every variety of torch.save and safetensors; expected.json holds their numbers
"""
import collections
import json
import pathlib
import struct
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

here = pathlib.Path(__file__).parent
formats = here / "formats"


def uniform(name, count):
    """count numbers in [0, 1): FNV-1a of the name starts splitmix64, the top 24 bits of each step are taken."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        x = np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15) * np.arange(1, count + 1, dtype=np.uint64)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return (x >> np.uint64(40)).astype(np.float64) / 2**24


def values(name, shape):
    u = uniform(name, int(np.prod(shape, dtype=np.int64)))
    if name == "input":
        x = (u - 0.5) * 4
    elif len(shape) > 1:
        x = (u - 0.5) * np.sqrt(24 / np.prod(shape[1:]))
    elif name.endswith("running_var"):
        x = 0.8 + 0.4 * u
    elif name.endswith("weight"):
        x = 0.1 + 0.3 * u
    else:
        x = (u - 0.5) * 0.1
    return torch.from_numpy(x.astype(np.float32)).reshape(tuple(shape))


def logits(model, size):
    state = {k: v if k.endswith("num_batches_tracked") else values(k, v.shape) for k, v in model.state_dict().items()}
    model.load_state_dict(state)
    with torch.no_grad():
        return model.eval()(values("input", (2, 3, size, size)))


class Block(nn.Module):
    """He et al. 2015, section 4.2, with the layer names of akamaster/pytorch_resnet_cifar10 or D-X-Y/ResNeXt-DenseNet."""

    def __init__(self, inputs, outputs, kind):
        super().__init__()
        a, b = ("_a", "_b") if kind == "behind" else ("1", "2")
        self.kind, self.names, self.added = kind, (a, b), outputs - inputs
        stride = outputs // inputs
        self.add_module("conv" + a, nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False))
        self.add_module("bn" + a, nn.BatchNorm2d(outputs))
        self.add_module("conv" + b, nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False))
        self.add_module("bn" + b, nn.BatchNorm2d(outputs))
        if self.added and kind == "convolution":
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, 2, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        a, b = self.names
        y = F.relu(getattr(self, "bn" + a)(getattr(self, "conv" + a)(x)))
        y = getattr(self, "bn" + b)(getattr(self, "conv" + b)(y))
        if self.added and self.kind == "convolution":
            x = self.shortcut(x)
        elif self.added and self.kind == "around":
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added // 2))
        elif self.added:
            x = F.avg_pool2d(x, 1, 2)
            x = torch.cat((x, x.mul(0)), 1)
        return F.relu(y + x)


class CifarResNet(nn.Module):
    def __init__(self, depth, kind="around", classes=10):
        super().__init__()
        n = (depth - 2) // 6
        self.names = (
            ("conv_1_3x3", "bn_1", "stage_", "classifier") if kind == "behind" else ("conv1", "bn1", "layer", "linear"))
        conv, bn, stage, linear = self.names
        self.add_module(conv, nn.Conv2d(3, 16, 3, 1, 1, bias=False))
        self.add_module(bn, nn.BatchNorm2d(16))
        for i, (inputs, outputs) in enumerate([(16, 16), (16, 32), (32, 64)]):
            self.add_module(f"{stage}{i + 1}", nn.Sequential(
                *[Block(inputs if b == 0 else outputs, outputs, kind) for b in range(n)]))
        self.add_module(linear, nn.Linear(64, classes))

    def forward(self, x):
        conv, bn, stage, linear = [getattr(self, name, name) for name in self.names]
        x = F.relu(bn(conv(x)))
        for i in range(3):
            x = getattr(self, f"{stage}{i + 1}")(x)
        return linear(F.avg_pool2d(x, x.shape[3]).flatten(1))


def make_logits():
    out = {}

    def add(name, model, size, variant=""):
        out[name + variant] = {
            "architecture": name,
            "parameters": sum(p.numel() for p in model.parameters()),
            "size": size,
            "classes": 10,
            "logits": [float(x) for x in logits(model, size).flatten()],
        }

    for depth in (20, 32, 44, 56, 110, 1202):
        add(f"cifar_resnet{depth}", CifarResNet(depth), 32)
    add("cifar_resnet20", CifarResNet(20, "convolution"), 32, " with convolutions")
    add("cifar_resnet20_zeros_behind", CifarResNet(20, "behind"), 32)
    for name in ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152"):
        add(name, getattr(torchvision.models, name)(num_classes=10), 64)
    for name in ("squeezenet1_0", "squeezenet1_1"):
        add(name, getattr(torchvision.models, name)(num_classes=10), 67)
    (here / "logits.json").write_text(json.dumps(out, indent=1) + "\n")


class Version1:
    """A tensor as PyTorch 0.3 and older pickled it."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        t = self.tensor
        return torch._utils._rebuild_tensor, (t.storage(), t.storage_offset(), tuple(t.size()), t.stride())


def save_safetensors(path, tensors):
    codes = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, t in tensors.items():
        raw = (t.view(torch.int16) if t.dtype == torch.bfloat16 else t).numpy().tobytes()
        header[name] = {"dtype": codes[t.dtype], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def save_zip64(source, target):
    """The same archive with every size and offset in 64 bits, as torch.save writes it beyond 4 GB."""
    full, out, central, count = 0xFFFFFFFF, b"", b"", 0
    with zipfile.ZipFile(source) as archive:
        for info in archive.infolist():
            name, data, offset = info.filename.encode(), archive.read(info), len(out)
            out += struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 0, info.CRC, full, full, len(name), 20)
            out += name + struct.pack("<HHQQ", 1, 16, len(data), len(data)) + data
            central += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 0, 0, 0, info.CRC, full, full,
                                   len(name), 28, 0, 0, 0, 0, full)
            central += name + struct.pack("<HHQQQ", 1, 24, len(data), len(data), offset)
            count += 1
    end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, len(central), len(out))
    end += struct.pack("<IIQI", 0x07064B50, 0, len(out) + len(central), 1)
    end += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, full, full, 0)
    target.write_bytes(out + central + end)


def make_formats():
    formats.mkdir(exist_ok=True)
    torch.manual_seed(0)
    plain = collections.OrderedDict(
        (name, torch.randn(shape)) for name, shape in [("a.weight", (2, 3)), ("a.bias", (2,)), ("b.weight", (3, 1, 2, 2))])
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    base = torch.arange(24, dtype=torch.float32)
    shared = {
        "whole": base, "part": base[5:9], "matrix": base.view(4, 6), "transposed": base.view(4, 6).t(),
        "every_third": base[1::3], "block": base.view(2, 3, 4)[:, 1:, ::2],
        "scalar": torch.tensor(1.5), "empty": torch.zeros(0, 3), "one": base[23:24].view(1, 1, 1),
    }
    dtypes = {str(d).split(".")[1]: torch.tensor([0.0, -1.5, 0.1, 65504.0, 1e-7], dtype=torch.float64).to(d)
              for d in (torch.float64, torch.float32, torch.float16, torch.bfloat16)}
    integers = {"int64": torch.tensor([2**40, -1]), "int32": torch.tensor([1], dtype=torch.int32),
                "uint8": torch.tensor([255], dtype=torch.uint8), "bool": torch.tensor([True])}
    parameters = {name: nn.Parameter(t) for name, t in plain.items()}
    optimizer = torch.optim.Adam(parameters.values())
    sum(p.sum() for p in parameters.values()).backward()
    optimizer.step()
    training = {
        "epoch": 90, "arch": "resnet50", "big": 2**70, "negative": -3, "lr": 0.1, "best": np.float64(73.9),
        "best32": np.float32(0.5), "array": np.arange(3), "none": None, "flags": (True, False), "set": {1, 2},
        "bytes": b"\x00\xff", "size": torch.Size([1, 2]), "dtype": torch.float16, "device": torch.device("cpu"),
        "nested": {"a": [{"b": (1, [2, {}])}]}, "optimizer": optimizer.state_dict(),
        "state_dict": {name: t.detach() for name, t in plain.items()},
    }
    files = {
        "zip.pt": (plain, {}), "metadata.pt": (module.state_dict(), {}), "shared.pt": (shared, {}),
        "dtypes.pt": ({**dtypes, **integers}, {}), "parameters.pt": (parameters, {}), "training.pt": (training, {}),
        "version1.pt": ({name: Version1(t) for name, t in plain.items()}, {}),
    }
    for protocol in (3, 4, 5):
        files[f"protocol{protocol}.pt"] = (training, {"pickle_protocol": protocol})
    for name, (value, options) in list(files.items()):
        files["legacy_" + name] = (value, {**options, "_use_new_zipfile_serialization": False})
    expected = {}
    for name, (value, options) in files.items():
        torch.save(value, formats / name, **options)
        state = torch.load(formats / name)
        expected[name] = state.get("state_dict", state)
    save_zip64(formats / "zip.pt", formats / "zip64.pt")
    expected["zip64.pt"] = torch.load(formats / "zip64.pt")
    save_safetensors(formats / "dtypes.safetensors", dtypes)
    expected["dtypes.safetensors"] = dtypes

    class Program(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 3, bias=False)

        def forward(self, x):
            return self.conv(x).mean((2, 3))

    class Pair(nn.Module):
        def forward(self, x):
            return x, x

    program = Program()
    program.load_state_dict({"conv.weight": values("conv.weight", (4, 3, 3, 3))})
    torch.jit.script(program).save(str(formats / "program.pt"))
    torch.jit.script(Pair()).save(str(formats / "program_of_two_outputs.pt"))
    (here / "program.json").write_text(json.dumps(
        [float(x) for x in program(values("input", (2, 3, 8, 8))).flatten()]) + "\n")

    (here / "expected.json").write_text(json.dumps({
        file: {
            name: {"dtype": str(t.dtype).split(".")[1], "shape": list(t.shape),
                   "values": t.detach().double().flatten().tolist() if t.is_floating_point() else None}
            for name, t in state.items()}
        for file, state in expected.items()}) + "\n")


if __name__ == "__main__":
    make_formats()
    make_logits()
