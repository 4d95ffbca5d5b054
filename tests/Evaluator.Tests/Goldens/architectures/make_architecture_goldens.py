#!/usr/bin/env python3
"""Makes the goldens beside it with PyTorch 1.13 and torchvision 0.14 (Debian 12: python3-torch, python3-torchvision).

    /usr/bin/python3 make_architecture_goldens.py [NAME ...]     all of them, or those whose names begin so

Every definitions_*.py has goldens(), a list of Golden. One file each comes out, NAME.json:

architecture  what the checkpoint is
given         whether its submission must say so, because other functions have the same tensors by the same names
source        the definition that the logits are of
parameters    trainable parameters with the published number of classes, asserted here; published says where
classes       how many the network of the logits has; null for one without a classifier
state         the state dict in its order, gzip, base64, a line each: "name low high size size ...". The numbers of a
              tensor lie between low and high as values() says. Whole numbers: "name int64 size size ...";
              num_batches_tracked is left out
runs          shape of the input and its logits, computed in float64 from weights and inputs in float32; the input is
              the tensor called "input" between -2 and 2; float32_error is how far PyTorch's own float32 is from them,
              as a share of the largest logit
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
sys.path.append(str(here.parent))
from named_numbers import uniform  # noqa: E402

# The logits must be of this size, and differ between images by this share of it: else they would show nothing.
smallest, largest, least_spread = 1, 30, 0.02


@dataclasses.dataclass
class Golden:
    name: str
    architecture: str
    source: str
    create: typing.Callable[[typing.Optional[int]], torch.nn.Module]
    parameters: int
    published: str
    published_classes: typing.Optional[int] = 1000
    classes: typing.Optional[int] = 40
    shapes: typing.Sequence[typing.Tuple[int, ...]] = ((2, 3, 64, 64), (1, 3, 75, 75))
    gain: float = 1.0
    ranges: typing.Mapping[str, typing.Tuple[float, float]] = dataclasses.field(default_factory=dict)
    given: bool = False
    rename: typing.Callable[[str], str] = lambda name: name  # to what another definition calls the same tensor


def values(name, shape, low, high):
    """low + (high - low) * u in float64, rounded to float32."""
    x = low + (high - low) * uniform(name, int(np.prod(shape, dtype=np.int64)))
    return torch.from_numpy(x.astype(np.float32)).reshape(tuple(shape))


def short(x):
    return float(f"{x:.3g}")


def limits(golden, name, shape):
    """Within He's sqrt(6 / fan in) where there is more than one size, norms near 1, unless the golden says else."""
    for ending, (low, high) in golden.ranges.items():
        if name.endswith(ending):
            return low, high
    if len(shape) > 1:
        bound = short(golden.gain * np.sqrt(6 / np.prod(shape[1:], dtype=np.int64)))
        return -bound, bound
    return (0.5, 1.5) if name.endswith("running_var") else (0.8, 1.2) if name.endswith("weight") else (-0.1, 0.1)


def normalise(golden, model, ranges):
    """Sets the batch norms to what they meet, as training does: else deep networks lose or overflow their signal."""
    def measure(layer):
        def hook(norm, inputs):
            variance = inputs[0].var().item()
            mean = short(0.1 * variance ** 0.5)
            for buffer, low, high in [("running_mean", -mean, mean),
                                      ("running_var", short(0.5 * variance), short(1.5 * variance))]:
                name, tensor = golden.rename(f"{layer}.{buffer}"), getattr(norm, buffer)
                ranges[name] = low, high
                tensor.copy_(values(name, tensor.shape, low, high))
        return hook

    hooks = [norm.register_forward_pre_hook(measure(name)) for name, norm in model.named_modules()
             if isinstance(norm, torch.nn.BatchNorm2d)]
    with torch.no_grad():
        model(values("input", golden.shapes[0], -2, 2))
    for hook in hooks:
        hook.remove()


def parameter_count(model):
    return sum(parameter.numel() for parameter in model.parameters())


def fill(golden, model):
    state = {golden.rename(name): tensor for name, tensor in model.state_dict().items()
             if not name.endswith("num_batches_tracked")}
    floats = [name for name, tensor in state.items() if tensor.is_floating_point()]
    ranges = {name: limits(golden, name, state[name].shape) for name in floats}
    for name in floats:
        state[name].copy_(values(name, state[name].shape, *ranges[name]))
    normalise(golden, model, ranges)
    lines = [" ".join(map(str, [name, *ranges.get(name, ["int64"]), *tensor.shape])) for name, tensor in state.items()]
    return base64.b64encode(gzip.compress("\n".join(lines).encode(), mtime=0)).decode()


def run(golden, model, shape):
    images = values("input", shape, -2, 2)
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
        "architecture": golden.architecture, "given": golden.given, "source": golden.source,
        "parameters": count, "published": golden.published, "published_classes": golden.published_classes,
        "classes": golden.classes, "state": fill(golden, model),
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
