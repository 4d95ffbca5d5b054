#!/usr/bin/env python3
"""Makes probes.json beside it with PyTorch 1.13 (Debian 12: python3-torch): heads of linear probes, in float64.

    /usr/bin/python3 make_probe_goldens.py

Features and targets follow from a problem's name, by the rule of named_numbers.py. Each penalty's objective is minimised
by torch.optim.LBFGS with a strong Wolfe line search, then by Newton's method, until a duality gap says that it is done.
"""
import json
import pathlib
import sys

import numpy as np
import torch

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent))
from named_numbers import uniform  # noqa: E402

HELD_OUT = 200
PROBLEMS = [
    # name, samples, features, classes, noise, penalties
    ("overlapping", 1000, 16, 3, 3.0, [1e-3, 0.1, 0.5, 100]),
    ("unbalanced", 1003, 32, 10, 2.0, [1e-4, 1e-2, 0.3, 2]),
    ("separable", 309, 64, 20, 1.0, [1e-5, 1e-4, 1e-3, 1e-1, 1]),
    ("two_classes", 407, 24, 2, 2.5, [1e-4, 1e-2, 1]),
    ("wider_than_long", 120, 200, 5, 2.0, [1e-5, 1e-2, 1]),
    ("seven_samples", 7, 8, 3, 1.0, [1e-3, 0.1, 10]),
]


def between(name, low, high, shape):
    values = low + (high - low) * uniform(name, int(np.prod(shape)))
    return values.astype(np.float32).reshape(shape)


def make(name, part, samples, width, classes, noise):
    """Rectified class means and noise, scaled feature by feature; the first classes have most of the samples."""
    targets = (classes * uniform(f"{name}.{part}.targets", samples) ** 2).astype(np.int64)
    means = between(f"{name}.means", -1, 1, (classes, width))
    scales = between(f"{name}.scales", 0, 2, (width,))
    features = means[targets] + between(f"{name}.{part}.features", -noise, noise, (samples, width))
    return np.maximum(features, np.float32(0)) * scales, targets


def chunk_weights(count):
    size = count // 10
    weights = np.empty(count)
    weights[:9 * size] = 1 / max(size, 1)
    weights[9 * size:] = 1 / (count - 9 * size)
    return torch.from_numpy(weights)


class Probe:
    def __init__(self, features, targets):
        # Less their mean, which the bias takes up; and weights are sought as if features were white. LBFGS gets further so.
        x = torch.from_numpy(features).double()
        self.mean = x.mean(0)
        self.x = x - self.mean
        values, vectors = torch.linalg.eigh(self.x.t() @ self.x / len(x))
        self.whitening = vectors @ torch.diag((values + 1e-3 * values.mean()).rsqrt()) @ vectors.t()
        self.present, self.y = torch.from_numpy(targets).unique(return_inverse=True)
        self.w = chunk_weights(len(targets))
        self.shares = torch.zeros(len(self.present), dtype=torch.float64).index_add_(0, self.y, self.w)

    def objective(self, weight, bias, penalty):
        losses = torch.nn.functional.cross_entropy(self.x @ weight.t() + bias, self.y, reduction="none")
        return (self.w * losses).sum() + penalty * weight.norm()

    def gradient(self, weight, bias):
        p = torch.softmax(self.x @ weight.t() + bias, 1)
        residual = (p - torch.nn.functional.one_hot(self.y, len(self.present))) * self.w[:, None]
        return p, residual.t() @ self.x, residual.sum(0)

    def solve(self, penalty):
        bias = (self.shares / self.shares.sum()).log()
        weight = torch.zeros(len(self.present), self.x.shape[1], dtype=torch.float64)
        gap, residual, norm = self.distance(weight, bias, penalty)
        if norm > penalty:
            weight = -1e-3 * self.gradient(weight, bias)[1] / norm
        for search in [self.search] * 5 + [self.newton] * 8:
            if max(abs(gap), residual) < 1e-9:
                break
            weight, bias = search(weight, bias, penalty)
            gap, residual, _ = self.distance(weight, bias, penalty)
        print(f"  {penalty:g}: gap {gap:.1e}, residual of the bias {residual:.1e}", flush=True)
        assert max(abs(gap), residual) < 1e-8
        return weight, bias

    def search(self, weight, bias, penalty):
        white = torch.linalg.solve(self.whitening, weight.t()).t().requires_grad_()
        bias = bias.requires_grad_()
        search = torch.optim.LBFGS([white, bias], max_iter=200, max_eval=1000, history_size=100,
                                   tolerance_grad=1e-13, tolerance_change=0, line_search_fn="strong_wolfe")

        def closure():
            search.zero_grad()
            value = self.objective(white @ self.whitening, bias, penalty)
            value.backward()
            return value

        search.step(closure)
        return (white @ self.whitening).detach(), bias.detach()

    def newton(self, weight, bias, penalty):
        """The last digits, which differences of objectives hide from a line search."""
        def objective(point):
            return self.objective(point[:, :-1], point[:, -1], penalty)

        point = torch.cat([weight, bias[:, None]], 1).requires_grad_()
        gradient, = torch.autograd.grad(objective(point), point)
        curvature = torch.autograd.functional.hessian(objective, point.detach()).reshape(point.numel(), point.numel())
        # All biases may move together: the least such step is taken.
        step = torch.linalg.pinv(curvature, hermitian=True, rtol=1e-13) @ gradient.flatten()
        point = point.detach() - step.view_as(point)
        return point[:, :-1], point[:, -1]

    def distance(self, weight, bias, penalty):
        """The duality gap, were the bias's own gradient 0; that gradient; and the norm of the weights'."""
        p, gradient, residual = self.gradient(weight, bias)
        own = torch.nn.functional.one_hot(self.y, len(self.present))
        mixed = own + min(1, penalty / max(gradient.norm().item(), 1e-300)) * (p - own)
        gap = self.objective(weight, bias, penalty) + (self.w * torch.xlogy(mixed, mixed).sum(1)).sum()
        return gap.item(), residual.abs().max().item(), gradient.norm().item()


def main():
    torch.set_num_threads(1)
    problems = []
    for name, samples, width, classes, noise, penalties in PROBLEMS:
        print(name)
        probe = Probe(*make(name, "train", samples, width, classes, noise))
        held_out = torch.from_numpy(make(name, "test", HELD_OUT, width, classes, noise)[0]).double() - probe.mean
        heads = []
        for penalty in penalties:
            weight, bias = probe.solve(penalty)
            best, predictions = (held_out @ weight.t() + bias).topk(2 if len(bias) > 1 else 1)
            heads.append({
                "lambda": penalty, "objective": probe.objective(weight, bias, penalty).item(), "norm": weight.norm().item(),
                "predictions": probe.present[predictions[:, 0]].tolist(),
                "margins": [float(f"{margin:.3g}") for margin in (best[:, 0] - best[:, -1]).tolist()]})
        problems.append({"name": name, "samples": samples, "width": width, "classes": classes, "noise": noise, "heads": heads})
    lines = ",\n".join(json.dumps(problem) for problem in problems)
    (here / "probes.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
