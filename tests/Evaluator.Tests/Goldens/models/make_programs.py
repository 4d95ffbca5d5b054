"""Writes formats/network*.onnx and formats/program_of_one_channel.pt: one small network as exporters write it.

Run with Debian's python3-torch (1.13): /usr/bin/python3 make_programs.py. What they answer is in programs.json.
"""

import json
import pathlib

import torch

from make_goldens import values

here = pathlib.Path(__file__).parent
formats = here / "formats"


class Network(torch.nn.Module):
    """Four classes of images of any size."""

    def __init__(self, channels, last=False):
        super().__init__()
        self.conv = torch.nn.Conv2d(channels, 4, 3, bias=False)
        self.last = last
        self.load_state_dict({"conv.weight": values("conv.weight", (4, channels, 3, 3))})

    def forward(self, x):
        if self.last:
            x = x.permute(0, 3, 1, 2)
        return torch.relu(self.conv(x)).mean((2, 3))


def export(name, network, images, open_axes):
    torch.onnx.export(
        network.eval(), images, str(formats / name), input_names=["images"], output_names=["logits"],
        dynamic_axes={"images": open_axes, "logits": {0: "count"}} if 0 in open_axes else {"images": open_axes})


def main():
    images = values("input", (2, 3, 8, 8))
    grey = values("grey", (2, 1, 8, 8))
    anything = {0: "count", 2: "height", 3: "width"}
    export("network.onnx", Network(3), images, anything)
    export("network_of_one_channel.onnx", Network(1), grey, anything)
    export("network_of_channels_last.onnx", Network(3, last=True), images.permute(0, 2, 3, 1).contiguous(), {0: "count"})
    export("network_of_batches_of_three.onnx", Network(3), torch.zeros(3, 3, 8, 8), {})
    torch.jit.script(Network(1).eval()).save(str(formats / "program_of_one_channel.pt"))
    with torch.no_grad():
        (here / "programs.json").write_text(json.dumps({
            "rgb": [float(x) for x in Network(3)(images).flatten()],
            "grey": [float(x) for x in Network(1)(grey).flatten()]}) + "\n")


if __name__ == "__main__":
    main()
