#!/usr/bin/env python3
"""Makes the goldens beside it with scikit-learn 1.2 (Debian 12: python3-sklearn).

    /usr/bin/python3 make_goldens.py

knn.json       predictions of KNeighborsClassifier with DINO's weights, in float64
low_shot.json  LinearSVC on the draws of MoPro's lowshot_svm.py: objectives, decisions, accuracies, average precisions
draws.json     what CPython's random.shuffle draws
student.json   97.5 % points of Student's distribution, by scipy

The features are not stored: they follow from their names.
"""
import json
import pathlib
import random
import sys
import warnings

import numpy as np
import scipy.stats
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent))
from named_numbers import uniform  # noqa: E402


def labelled(name, count, width, classes):
    """Targets, and features around a centre of each class, at least 0 as those behind a ReLU."""
    targets = np.floor(uniform(name + ".targets", count) * classes).astype(int)
    centres = uniform("centres", classes * width).reshape(classes, width)
    noise = uniform(name + ".noise", count * width).reshape(count, width)
    return np.maximum(0, centres[targets] - 0.5 + 2 * (noise - 0.5)).astype(np.float32), targets


def labels(name, targets, classes):
    """Of each image its target, now and then a second class, now and then a difficult one: 1, 0, -1."""
    u = uniform(name + ".labels", len(targets) * classes).reshape(len(targets), classes)
    table = np.where(u < 0.08, 1, np.where(u < 0.12, 0, -1))
    table[np.arange(len(targets)), targets] = 1
    return table


def make_knn():
    classes, width = 12, 61
    train, train_targets = labelled("knn.train", 3000, width, classes)
    queries, _ = labelled("knn.queries", 150, width, classes)
    unit = [x.astype(np.float64) / np.linalg.norm(x.astype(np.float64), axis=1, keepdims=True) for x in (train, queries)]
    golden = {"classes": classes, "width": width, "train": len(train), "queries": len(queries), "runs": []}
    for k, temperature in [(1, 0.07), (10, 0.07), (20, 0.07), (200, 0.07), (20, 0.5), (3000, 0.07)]:
        model = KNeighborsClassifier(
            k, metric="cosine", algorithm="brute", weights=lambda distance: np.exp((1 - distance) / temperature))
        shares = model.fit(unit[0], train_targets).predict_proba(unit[1])
        assert list(model.classes_) == list(range(classes))
        top = np.argsort(-shares, axis=1, kind="stable")[:, :5]
        golden["runs"].append({
            "k": k, "temperature": temperature, "top": top.tolist(),
            "confidence": [round(float(row[t[0]]), 12) for row, t in zip(shares, top)]})
    (here / "knn.json").write_text(json.dumps(golden) + "\n")


def average_precision(positive, scores):
    """As calculate_ap of MoPro's lowshot_svm.py defines it."""
    ranked = positive[np.argsort(scores, kind="stable")[::-1]].astype(np.float64)
    found = np.cumsum(ranked)
    precision, recall = found / np.arange(1, len(ranked) + 1), found / found[-1]
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0], recall])) * envelope))


def draw(samples_of_class, shots):
    drawn = []
    for samples in samples_of_class:
        shuffled = list(samples)
        random.shuffle(shuffled)
        drawn += shuffled[:shots]
    return drawn


def normalised(features):
    features = features.astype(np.float64)
    return features / (np.linalg.norm(features, axis=1) + 1e-5)[:, np.newaxis]


def fit(features, signs, weights, **options):
    options = {"tol": 1e-10, "max_iter": 5_000_000, **options}
    return LinearSVC(C=0.5, class_weight=weights, random_state=0, **options).fit(features, signs)


def objective(model, features, signs, cost_of_positive):
    hinge = np.maximum(0, 1 - signs * model.decision_function(features))
    cost = np.where(signs > 0, cost_of_positive, 0.5)
    return float((np.sum(model.coef_ ** 2) + np.sum(model.intercept_ ** 2)) / 2 + np.sum(cost * hinge ** 2))


def make_low_shot():
    classes, golden = 6, {"classes": 6, "train": 240, "test": 200, "shots": [1, 2, 4, 16], "runs": []}
    differences = []
    # Fewer samples than features and more: two ways of computing the same.
    for width in (96, 24):
        train, train_targets = labelled(f"svm{width}.train", golden["train"], width, classes)
        test, test_targets = labelled(f"svm{width}.test", golden["test"], width, classes)
        train_labels = labels(f"svm{width}.train", train_targets, classes)
        test_labels = labels(f"svm{width}.test", test_targets, classes)
        train, test = normalised(train), normalised(test)
        single = [np.flatnonzero(train_targets == c).tolist() for c in range(classes)]
        several = [np.flatnonzero(train_labels[:, c] > 0).tolist() for c in range(classes)]
        for kind, samples_of_class in (("classify", single), ("rank", several)):
            random.seed(0)
            draws = [draw(samples_of_class, shots) for shots in golden["shots"] for _ in range(5)]
            rows = []
            for samples in draws:
                x, row = train[samples], {"objectives": [], "decisions": []}
                decisions, as_published = [], []
                for c in range(classes):
                    positive = train_targets[samples] == c if kind == "classify" else train_labels[samples, c] > 0
                    signs, cost = np.where(positive, 1, -1), 0.5 if kind == "classify" else 1.0
                    weights = {1: 1, -1: 1} if kind == "classify" else {1: 2, -1: 1}
                    model = fit(x, signs, weights)
                    row["objectives"].append(objective(model, x, signs, cost))
                    decisions.append(model.decision_function(test))
                    published = fit(x, signs, weights, tol=1e-4, max_iter=2000)
                    as_published.append(published.decision_function(test))
                decisions = np.array(decisions).T
                differences.append(np.abs(decisions - np.array(as_published).T).max())
                if kind == "classify":
                    assert (fit(x, train_targets[samples], None).predict(test) == decisions.argmax(1)).all()
                    row["correct"] = int(np.sum(decisions.argmax(1) == test_targets))
                else:
                    row["average_precisions"] = [
                        average_precision(test_labels[:, c] > 0, decisions[:, c]) for c in range(classes)]
                row["decisions"] = [float(f"{d:.9g}") for d in decisions[0]]
                rows.append(row)
            golden["runs"].append({"kind": kind, "width": width, "draws": rows})
    golden["largest_difference_of_published_tolerance"] = float(max(differences))
    (here / "low_shot.json").write_text(json.dumps(golden) + "\n")


def make_draws():
    """One sequence over all draws, of lists of several lengths; a seed of 0 and others."""
    lengths = [1, 2, 3, 5, 100, 7, 1000]
    golden = []
    for seed in (0, 1, 42, 2**32 - 1):
        random.seed(seed)
        lists = [[f * 10_000 + i for i in range(n)] for f, n in enumerate(lengths)]
        golden.append({"seed": seed, "draws": [draw(lists, shots) for shots in (1, 2, 4, 8, 16) for _ in range(5)]})
    (here / "draws.json").write_text(json.dumps({"lengths": lengths, "seeds": golden}) + "\n")


def make_student():
    (here / "student.json").write_text(json.dumps(
        {str(freedom): float(scipy.stats.t.ppf(0.975, freedom)) for freedom in (1, 2, 3, 4, 5, 9, 10, 29, 100)}) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("error")
    make_knn()
    make_low_shot()
    make_draws()
    make_student()
