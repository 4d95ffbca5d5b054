"""The peer of a linear probe: the schedule of OmniBenchmark's authors (linear_probe/main.py), in PyTorch.

    pytorch_probe.py features OUT SAMPLES WIDTH CLASSES
                          seeded features as a rectified network pools them: float32 [N, D], then targets int32 [N]
    pytorch_probe.py train FILE SAMPLES WIDTH CLASSES STEPS
                          each penalty's schedule, one after another; prints JSON

torch.optim.LBFGS as it is by default (lr 1, 20 inner steps, history of 100, no line search), the gradients of ten chunks
summed, the closure returning the last chunk's loss. The schedule is 1,000 outer steps of up to 20 evaluations. STEPS of them
are run, or as many as it takes until the optimiser's own tolerance ends one after its first evaluation: it has changed
nothing then, and all later ones are the same. Each step that is not run counts as one evaluation, the least it can be.
"""
import json
import os
import sys
import time

import numpy as np
import torch

from pytorch_common import library

PENALTIES = [1e-5, 1e-4, 3e-4, 1e-3, 1e-2, 1e-1, 1]
SCHEDULE = 1000
CHUNKS = 10
LATENT = 256


def make_features(out, samples, width, classes):
    """Classes of neighbouring groups overlap, some are rarer, and a latent spectrum decays; pooled ReLUs are not negative."""
    random = np.random.default_rng(0)
    latent = min(width, LATENT)
    decay = (np.arange(1, latent + 1) ** -0.5).astype(np.float32)
    groups = random.standard_normal((max(2, classes // 20), latent), dtype=np.float32)
    means = groups[np.arange(classes) % len(groups)] + random.standard_normal((classes, latent), dtype=np.float32)
    shares = np.arange(1, classes + 1) ** -0.3
    targets = random.choice(classes, size=samples, p=shares / shares.sum())
    # Every class has a sample: the authors' heads have as many rows as ours then.
    targets[:classes] = random.permutation(classes)
    hidden = (0.6 * means[targets] + random.standard_normal((samples, latent), dtype=np.float32)) * decay
    mixing = random.standard_normal((latent, width), dtype=np.float32) / np.linalg.norm(decay)
    features = hidden @ mixing + 0.25 * random.standard_normal((samples, width), dtype=np.float32) - 0.3
    with open(out, "wb") as file:
        file.write(np.maximum(features, 0).astype("<f4").tobytes())
        file.write(targets.astype("<i4").tobytes())


def read(path, samples, width):
    with open(path, "rb") as file:
        features = np.frombuffer(file.read(4 * samples * width), "<f4").reshape(samples, width)
        targets = np.frombuffer(file.read(4 * samples), "<i4").astype(np.int64)
    return torch.from_numpy(features.copy()), torch.from_numpy(targets)


class Schedule:
    def __init__(self, features, targets, classes, penalty):
        size = len(targets) // CHUNKS
        ends = [size * chunk for chunk in range(CHUNKS)] + [len(targets)]
        self.chunks = [(features[a:b], targets[a:b]) for a, b in zip(ends, ends[1:])]
        self.penalty, self.evaluations = penalty, 0
        torch.manual_seed(0)
        self.head = torch.nn.Linear(features.shape[1], classes)
        self.optimiser = torch.optim.LBFGS(self.head.parameters())

    def closure(self):
        self.evaluations += 1
        self.optimiser.zero_grad()
        for features, targets in self.chunks:
            loss = torch.nn.functional.cross_entropy(self.head(features), targets)
            loss.backward()
        (self.penalty * self.head.weight.norm()).backward()
        return loss

    def run(self, steps):
        """Outer steps that were run, their seconds, and those of an evaluation: the fastest of a few."""
        start = time.perf_counter()
        for step in range(1, steps + 1):
            before = self.evaluations
            self.optimiser.step(self.closure)
            if self.evaluations == before + 1:
                break
        return step, time.perf_counter() - start, min(self.time_once() for _ in range(5))

    def time_once(self):
        start = time.perf_counter()
        self.closure()
        self.evaluations -= 1
        return time.perf_counter() - start

    @torch.no_grad()
    def objective(self):
        losses = (torch.nn.functional.cross_entropy(self.head(x), y).item() for x, y in self.chunks)
        return sum(losses) + self.penalty * self.head.weight.norm().item()


def train(path, samples, width, classes, steps):
    torch.set_num_threads(os.cpu_count())
    features, targets = read(path, samples, width)
    run = measured = counted = 0
    heads = []
    for penalty in PENALTIES:
        schedule = Schedule(features, targets, classes, penalty)
        done, seconds, once = schedule.run(steps)
        run += done
        measured += seconds
        counted += seconds + (SCHEDULE - done) * once
        heads.append({"lambda": penalty, "objective": schedule.objective(), "evaluations": schedule.evaluations})
        print(f"{penalty:g}: {done} outer steps, {schedule.evaluations} evaluations, {seconds:.1f} s; one takes {once:.3f} s; "
              f"objective {heads[-1]['objective']:.6f}", file=sys.stderr, flush=True)
    print(json.dumps({
        "subject": "pytorch probe", "images": samples, "seconds": round(counted, 3),
        "measured_seconds": round(measured, 3), "steps": run, "heads": heads, "library": library()}))


if __name__ == "__main__":
    verb, path, *numbers = sys.argv[1:]
    {"features": make_features, "train": train}[verb](path, *map(int, numbers))
