#!/usr/bin/env python3
"""Makes the goldens beside it with PyTorch 1.13 (Debian 12: python3-torch).

    /usr/bin/python3 make_goldens.py

formats/*     small checkpoints in every variety of torch.save and safetensors; expected.json holds their numbers
"""
import argparse
import collections
import datetime
import json
import pathlib
import struct
import sys
import types
import zipfile

import numpy as np
import torch
from torch import nn

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent))
from named_numbers import uniform  # noqa: E402
formats = here / "formats"


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


class CfgNode(dict):
    """Pickled as yacs.config's of that name: items of a dict, and attributes beside them."""


CfgNode.__module__ = "yacs.config"
sys.modules["yacs"], sys.modules["yacs.config"] = types.ModuleType("yacs"), types.ModuleType("yacs.config")
sys.modules["yacs.config"].CfgNode = CfgNode


class Version03:
    """A parameter as PyTorch 0.3 pickled it: the class itself is called, its flags are set afterwards."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return nn.Parameter, (self.tensor,), (True, False, collections.OrderedDict())


class OfDevice:
    """A tensor of a device without storages, as PyTorch 1.8 to 2.5 pickled it."""

    def __init__(self, tensor, dtype=None):
        self.tensor, self.dtype = tensor, dtype

    def __reduce__(self):
        array = self.tensor.numpy()
        return torch._utils._rebuild_device_tensor_from_numpy, (
            array.astype(self.dtype or array.dtype), self.tensor.dtype, "xla:0", False)


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


def bystanders(weights):
    """Everything that published checkpoints carry beside the weights and that Python's own pickler writes."""
    config = CfgNode(model={"type": "swin"}, lr=1e-3)
    config.frozen = True
    state = collections.defaultdict(dict)
    state[0]["step"] = torch.tensor(3.0)
    return {
        "args": argparse.Namespace(
            lr=0.1, output=pathlib.PurePosixPath("runs/1"), gpu=None, betas=(0.9, 0.999), size=slice(0, 2)),
        "config": config, "state": state, "milestones": collections.Counter([30, 60, 60]),
        "recent": collections.deque([0.5, 0.25], maxlen=10), "plain": types.SimpleNamespace(a=1),
        "when": datetime.datetime(2021, 5, 4, tzinfo=datetime.timezone.utc), "took": datetime.timedelta(hours=3),
        "day": datetime.date(2021, 5, 4), "complex": 1j, "range": range(3), "frozen": frozenset([1]),
        "types": [int, float, str, list, dict, np.float32, torch.Tensor, np.dtype("float32"), torch.bfloat16],
        "numpy": [np.float64(1), np.float16(1), np.int64(2), np.uint8(3), np.bool_(True), np.str_("a")],
        "arrays": [np.arange(6.0).reshape(2, 3).T, np.array(["a"]), np.array([None]), np.zeros(0)],
        "empty": b"", "bytes": bytearray(b"\xff"), "random": torch.get_rng_state(),
        "numpy_random": np.random.RandomState(0).get_state(), "storage": torch.ones(2).storage(),
        "scaler": torch.cuda.amp.GradScaler(enabled=False).state_dict(), "model": weights,
    }


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
    files["parameters03.pt"] = ({name: Version03(t) for name, t in plain.items()}, {})
    files["bystanders.pt"] = (bystanders(dict(plain)), {})
    files["devices.pt"] = ({
        "c": OfDevice(base.view(4, 6)), "fortran": OfDevice(base.view(4, 6).t()),
        "big": OfDevice(base, ">f4"), "half": OfDevice(base.half()), "scalar": OfDevice(torch.tensor(2.5).double()),
    }, {})
    files["bystanders_protocol5.pt"] = (bystanders(dict(plain)), {"pickle_protocol": 5})
    files["devices_protocol5.pt"] = (files["devices.pt"][0], {"pickle_protocol": 5})
    for protocol in (3, 4, 5):
        files[f"protocol{protocol}.pt"] = (training, {"pickle_protocol": protocol})
    for name, (value, options) in list(files.items()):
        files["legacy_" + name] = (value, {**options, "_use_new_zipfile_serialization": False})
    expected = {}
    for name, (value, options) in files.items():
        torch.save(value, formats / name, **options)
        state = value if name.removeprefix("legacy_").startswith("devices") else torch.load(formats / name)
        state = state.get("state_dict", state.get("model", state))
        expected[name] = {key: getattr(t, "tensor", t) for key, t in state.items()}
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
