#!/usr/bin/env python3
"""Makes the goldens beside it with PyTorch 1.13 and torchvision 0.14 (Debian 12: python3-torch, python3-torchvision).

    /usr/bin/python3 make_architecture_goldens.py [NAME ...]     all of them, or those whose names begin so

Every definitions_*.py has goldens(), a list of Golden. One file each comes out, NAME.json:

architecture  what the checkpoint must be recognised as; null where its tensors do not settle it
source        the definition that the logits are of
parameters    trainable parameters with the published number of classes, asserted here; published says where
classes       how many the network of the logits has; null for one without a classifier
gain, ranges  the rule of the weights, see values()
state         names and shapes of the state dict, "name size size ...", a line each, gzip, base64; the tensors that do
              not decide what the network computes (num_batches_tracked) are left out, whole numbers end in ":int64"
runs          shape of the input and its logits, computed in float64 from weights and inputs in float32;
              float32_error is how far PyTorch's own float32 is from them, as a share of the largest logit
"""
import base64
import dataclasses
import gzip
import importlib
import json
import pathlib
import sys
import typing

import numpy as np
import torch

here = pathlib.Path(__file__).parent

# The logits must be of this size, and differ between images by this share of it: else they would show nothing.
smallest, largest, least_spread = 1, 30, 0.05


@dataclasses.dataclass
class Golden:
    name: str
    architecture: typing.Optional[str]
    source: str
    create: typing.Callable[[typing.Optional[int]], torch.nn.Module]
    parameters: int
    published: str
    published_classes: typing.Optional[int] = 1000
    classes: typing.Optional[int] = 40
    shapes: typing.Sequence[typing.Tuple[int, ...]] = ((2, 3, 64, 64), (1, 3, 75, 75))
    gain: float = 1.0
    ranges: typing.Mapping[str, typing.Tuple[float, float]] = dataclasses.field(default_factory=dict)


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


def values(name, shape, gain=1.0, ranges={}):
    """low + (high - low) * u in float64, rounded to float32. The first ending in ranges that fits gives low and high;
    otherwise the kind of tensor: within He's gain * sqrt(6 / fan in) where it has more than one size."""
    fan_in = int(np.prod(shape[1:], dtype=np.int64))
    low, high = next((limits for ending, limits in ranges.items() if name.endswith(ending)), (
        (-2.0, 2.0) if name == "input"
        else (-gain * np.sqrt(6 / fan_in), gain * np.sqrt(6 / fan_in)) if len(shape) > 1
        else (0.5, 1.5) if name.endswith("running_var")
        else (0.8, 1.2) if name.endswith("weight")
        else (-0.1, 0.1)))
    x = low + (high - low) * uniform(name, int(np.prod(shape, dtype=np.int64)))
    return torch.from_numpy(x.astype(np.float32)).reshape(tuple(shape))


def parameter_count(model):
    return sum(parameter.numel() for parameter in model.parameters())


def fill(golden, model):
    state = model.state_dict()
    model.load_state_dict({
        name: values(name, tensor.shape, golden.gain, golden.ranges) if tensor.is_floating_point() else tensor
        for name, tensor in state.items()})
    lines = [
        " ".join([name, *map(str, tensor.shape)]) + ("" if tensor.is_floating_point() else ":int64")
        for name, tensor in state.items() if not name.endswith("num_batches_tracked")]
    return base64.b64encode(gzip.compress("\n".join(lines).encode(), mtime=0)).decode()


def run(golden, model, shape):
    images = values("input", shape)
    with torch.no_grad():
        single = model.float()(images).double()
        logits = model.double()(images.double())
    size = logits.abs().max().item()
    error = (single - logits).abs().max().item() / max(1, size)
    spread = (logits[0] - logits[-1]).abs().max().item() / size
    print(f"  {golden.name} {shape}: up to {size:.3g}, spread {spread:.2f}, float32 off by {error:.1e}", flush=True)
    assert smallest <= size <= largest, f"{golden.name}: logits up to {size}; change gain"
    assert shape[0] == 1 or spread >= least_spread, f"{golden.name}: all images have the same logits"
    return {"shape": shape, "float32_error": float(f"{error:.1e}"),
            "logits": [[float(f"{x:.7g}") for x in row] for row in logits.tolist()]}


def make(golden):
    count = parameter_count(golden.create(golden.published_classes))
    assert count == golden.parameters, f"{golden.name}: {count} parameters, {golden.parameters} are published"
    model = golden.create(golden.classes).eval()
    out = {
        "architecture": golden.architecture, "source": golden.source,
        "parameters": count, "published": golden.published, "published_classes": golden.published_classes,
        "classes": golden.classes, "gain": golden.gain, "ranges": golden.ranges, "state": fill(golden, model),
        "runs": [run(golden, model, shape) for shape in golden.shapes],
    }
    (here / f"{golden.name}.json").write_text(json.dumps(out) + "\n")


def without_initialisation():
    """Every weight is overwritten: the time that goes into random ones is spared."""
    for name in ("uniform_", "normal_", "trunc_normal_", "kaiming_uniform_", "kaiming_normal_", "xavier_uniform_"):
        setattr(torch.nn.init, name, lambda tensor, *args, **kwargs: tensor)


if __name__ == "__main__":
    sys.path.insert(0, str(here))
    sys.modules["make_architecture_goldens"] = sys.modules["__main__"]
    sys.dont_write_bytecode = True
    without_initialisation()
    for path in sorted(here.glob("definitions_*.py")):
        for golden in importlib.import_module(path.stem).goldens():
            if len(sys.argv) == 1 or golden.name.startswith(tuple(sys.argv[1:])):
                make(golden)
