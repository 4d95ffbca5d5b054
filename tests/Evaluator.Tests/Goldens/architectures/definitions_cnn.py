"""Convolutional networks."""
import torchvision.models

from make_architecture_goldens import Golden

torchvision_docs = "https://pytorch.org/vision/0.14/models.html"


def torchvision_golden(name, parameters, **options):
    def create(classes):
        return getattr(torchvision.models, name)(num_classes=classes)

    return Golden(name, name, f"torchvision 0.14.1, torchvision/models, {name}", create,
                  parameters, torchvision_docs, **options)


def goldens():
    residual = {".bn3.weight": (0.1, 0.4)}
    return [
        torchvision_golden("resnet18", 11_689_512, ranges={".bn2.weight": (0.1, 0.4)}),
        torchvision_golden("resnet50", 25_557_032, ranges=residual),
    ]
