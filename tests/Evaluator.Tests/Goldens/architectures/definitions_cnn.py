"""Convolutional networks. Those that torchvision lacks are defined in networks_cnn.py."""
import functools
import re

import networks_cnn as networks
import torchvision.models
from make_architecture_goldens import Golden

torchvision_table = "torchvision 0.14.1, num_params in the meta of its weights"
timm = "https://github.com/huggingface/pytorch-image-models/blob/"
timm_table = timm + "308d0b9554cea42dad38ce542d2478dc9abfd9fb/results/model_benchmark_amp_nchw_rtx3090.csv: "
timm_models, timm_byobnet = timm + "v0.9.2/timm/models/", timm + "v1.0.9/timm/models/byobnet.py"

# The last norm of a residual branch: small, or the sums would grow from block to block.
last_of_two, last_of_three, shrinking = ".bn2.weight", ".bn3.weight", (0.1, 0.4)


def torchvision_golden(name, parameters, **options):
    def create(classes):
        return getattr(torchvision.models, name)(num_classes=classes)

    return Golden(name, name, f"torchvision 0.14.1, torchvision.models.{name}", create,
                  parameters, torchvision_table, **options)


def residual():
    basic, bottleneck = {last_of_two: shrinking}, {last_of_three: shrinking}
    for name, parameters, ranges in [
        ("resnet18", 11_689_512, basic), ("resnet34", 21_797_672, basic), ("resnet50", 25_557_032, bottleneck),
        ("resnet101", 44_549_160, bottleneck), ("resnet152", 60_192_808, bottleneck),
        ("wide_resnet50_2", 68_883_240, bottleneck), ("wide_resnet101_2", 126_886_696, bottleneck),
        ("resnext50_32x4d", 25_028_904, bottleneck), ("resnext101_32x8d", 88_791_336, bottleneck),
        ("resnext101_64x4d", 83_455_272, bottleneck),
    ]:
        yield torchvision_golden(name, parameters, ranges=ranges)


def cifar():
    he = "He et al. 2015, https://arxiv.org/abs/1512.03385, table 6: "
    akamaster = "https://github.com/akamaster/pytorch_resnet_cifar10/blob/master/resnet.py, "
    dxy = "https://github.com/D-X-Y/ResNeXt-DenseNet/blob/master/models/resnet.py"
    for depth, parameters, size in [(20, 269_722, "0.27M"), (32, 464_154, "0.46M"), (44, 658_586, "0.66M"),
                                    (56, 853_018, "0.85M"), (110, 1_727_962, "1.7M"), (1202, 19_421_274, "19.4M")]:
        for kind, suffix, source, added in [
            ("around", "", akamaster + "option A", 0), ("convolution", "_convolutions", akamaster + "option B", 2_752),
            ("behind", "_zeros_behind", dxy, 0),
        ]:
            if kind != "around" and depth == 1202:
                continue  # four seconds of tests each, and nothing differs from 110 but the number of blocks
            architecture = f"cifar_resnet{depth}" + (suffix if kind == "behind" else "")
            yield Golden(
                f"cifar_resnet{depth}{suffix}", architecture, source,
                functools.partial(networks.CifarResNet, depth, kind), parameters + added, he + size,
                published_classes=10, classes=10, shapes=((2, 3, 32, 32),),
                ranges={last_of_two: shrinking, ".bn_b.weight": shrinking})


def squeeze_and_mobile():
    yield torchvision_golden("squeezenet1_0", 1_248_424, shapes=((2, 3, 64, 64), (1, 3, 67, 67)))
    yield torchvision_golden("squeezenet1_1", 1_235_496, shapes=((2, 3, 64, 64), (1, 3, 67, 67)))
    yield torchvision_golden("mobilenet_v2", 3_504_872)
    yield Golden("mobilenetv2_100.timm", "mobilenet_v2", timm_models + "efficientnet.py, mobilenetv2_100",
                 networks.MobileNetV2, 3_504_872, timm_table + "3.5M")


def efficientnets():
    scalings = [  # width, depth, parameters
        (1.0, 1.0, 5_288_548), (1.0, 1.1, 7_794_184), (1.1, 1.2, 9_109_994), (1.2, 1.4, 12_233_232),
        (1.4, 1.8, 19_341_616), (1.6, 2.2, 30_389_784), (1.8, 2.6, 43_040_704), (2.0, 3.1, 66_347_960)]
    # One size: at another the last maps have other statistics, and the gates let the signal grow from block to block.
    # Of 75, 38, 19, 10, 5 and 3 some are even and some odd, which TensorFlow's SAME pads differently.
    shapes, gate = ((2, 3, 75, 75),), (-0.2, 0.2)
    for number, (width, depth, parameters) in enumerate(scalings):
        name = f"efficientnet_b{number}"
        yield torchvision_golden(name, parameters, shapes=shapes, ranges={
            ".block.3.1.weight": shrinking, ".fc2.weight": gate})
        for prefix, same, eps in [("", False, 1e-5), ("tf_", True, 1e-3)]:
            yield Golden(
                f"{prefix}{name}.timm", prefix + name, f"{timm_models}efficientnet.py, {prefix}{name}",
                functools.partial(networks.EfficientNet, width, depth, same, eps), parameters,
                f"{timm_table}{parameters / 1e6:.2f}M", given=True, shapes=shapes,
                ranges={last_of_three: shrinking, "conv_expand.weight": gate})


def inceptions():
    cadene = "https://github.com/Cadene/pretrained-models.pytorch/blob/8aae3d8f/pretrainedmodels/models/"
    options = {"shapes": ((2, 3, 139, 139), (1, 3, 128, 128))}
    yield Golden("inception_v4", "inception_v4", f"{cadene}inceptionv4.py; {timm_models}inception_v4.py",
                 networks.InceptionV4, 42_679_816, timm_table + "42.68M", **options)
    yield Golden("inception_resnet_v2", "inception_resnet_v2", cadene + "inceptionresnetv2.py",
                 functools.partial(networks.InceptionResNetV2, "last_linear"),
                 55_843_464, timm_table + "55.84M", **options)
    yield Golden("inception_resnet_v2.timm", "inception_resnet_v2", timm_models + "inception_resnet_v2.py",
                 functools.partial(networks.InceptionResNetV2, "classif"),
                 55_843_464, timm_table + "55.84M", **options)


def timm_clip(name):
    for pattern, replacement in [
        (r"^conv(\d)", r"stem.conv\1.conv"), (r"^bn(\d)", r"stem.conv\1.bn"),
        (r"\.conv(\d)", r".conv\1_#.conv"), (r"\.bn(\d)", r".conv\1_#.bn"),
        (r"(conv[13])_#", r"\1_1x1"), ("conv2_#", "conv2_kxk"),
        (r"downsample\.0", "shortcut.conv.conv"), (r"downsample\.1", "shortcut.conv.bn"),
        (r"layer(\d)", lambda match: f"stages.{int(match[1]) - 1}"),
        ("attnpool", "head"), ("positional_embedding", "pos_embed"), (r"([qkv])_proj", r"\1"), ("c_proj", "proj"),
    ]:
        if not (name.startswith("stem") and pattern.startswith(r"\.")):
            name = re.sub(pattern, replacement, name)
    return name


def clip():
    peaked = (-0.3, 0.3)
    ranges = {"q_proj.weight": peaked, "k_proj.weight": peaked, "head.q.weight": peaked, "head.k.weight": peaked}
    for name, source, residual_end, rename in [
        ("clip_resnet50", "https://github.com/openai/CLIP/blob/3bee28119e6b28e75b82b811b87b56935314e6a5/clip/model.py, "
                          "ModifiedResNet", last_of_three, lambda name: name),
        ("clip_resnet50.timm", timm_byobnet + ", resnet50_clip", "conv3_1x1.bn.weight", timm_clip),
    ]:
        yield Golden(
            name, "clip_resnet50", source, networks.ClipResNet50, 38_316_896,
            "https://github.com/mlfoundations/open_clip/blob/main/docs/model_profile.csv, RN50, image_mparams: 38.32",
            published_classes=None, classes=None, shapes=((2, 3, 224, 224),),
            ranges={**ranges, residual_end: shrinking}, rename=rename)


def goldens():
    return [*residual(), *cifar(), *squeeze_and_mobile(), *efficientnets(), *inceptions(), *clip()]
