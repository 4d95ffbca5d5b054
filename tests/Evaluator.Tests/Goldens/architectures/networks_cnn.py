"""Networks that torchvision lacks, with the tensor names, the epsilon and the padding of the definitions that
definitions_cnn.py cites."""
import math
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn


class CifarBlock(nn.Module):
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
    def __init__(self, depth, kind, classes):
        super().__init__()
        n = (depth - 2) // 6
        self.names = (
            ("conv_1_3x3", "bn_1", "stage_", "classifier") if kind == "behind" else ("conv1", "bn1", "layer", "linear"))
        conv, bn, stage, linear = self.names
        self.add_module(conv, nn.Conv2d(3, 16, 3, 1, 1, bias=False))
        self.add_module(bn, nn.BatchNorm2d(16))
        for i, (inputs, outputs) in enumerate([(16, 16), (16, 32), (32, 64)]):
            self.add_module(f"{stage}{i + 1}", nn.Sequential(
                *[CifarBlock(inputs if b == 0 else outputs, outputs, kind) for b in range(n)]))
        self.add_module(linear, nn.Linear(64, classes))

    def forward(self, x):
        conv, bn, stage, linear = [getattr(self, name, name) for name in self.names]
        x = F.relu(bn(conv(x)))
        for i in range(3):
            x = getattr(self, f"{stage}{i + 1}")(x)
        return linear(F.avg_pool2d(x, x.shape[3]).flatten(1))


class SameConv2d(nn.Conv2d):
    """TensorFlow's SAME: as many outputs as inputs over stride, rounded up; an odd pixel of padding after the image."""

    def forward(self, x):
        (kernel, _), (stride, _) = self.kernel_size, self.stride
        height, width = [max((math.ceil(n / stride) - 1) * stride + kernel - n, 0) for n in x.shape[2:]]
        x = F.pad(x, (width // 2, width - width // 2, height // 2, height - height // 2))
        return super().forward(x)


def divisible(channels, width=1.0):
    """Channels times width, rounded to a multiple of 8 and by no more than a tenth down."""
    rounded = max(8, int(channels * width + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels * width else rounded


class SqueezeExcite(nn.Module):
    def __init__(self, channels, reduced):
        super().__init__()
        self.conv_reduce = nn.Conv2d(channels, reduced, 1)
        self.conv_expand = nn.Conv2d(reduced, channels, 1)

    def forward(self, x):
        y = F.silu(self.conv_reduce(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.conv_expand(y))


class InvertedResidual(nn.Module):
    """timm's InvertedResidual, or its DepthwiseSeparableConv where nothing is expanded."""

    def __init__(self, inputs, outputs, kernel, stride, expansion, squeezes, activation, convolution, norm):
        super().__init__()
        channels = inputs * expansion
        self.activation, self.expands = activation, expansion > 1
        self.adds = stride == 1 and inputs == outputs
        norms = iter(["bn1", "bn2", "bn3"])
        if self.expands:
            self.conv_pw = convolution(inputs, channels, 1)
            self.add_module(next(norms), norm(channels))
        self.conv_dw = convolution(channels, channels, kernel, stride, channels)
        self.add_module(next(norms), norm(channels))
        self.se = SqueezeExcite(channels, inputs // 4) if squeezes else nn.Identity()
        self.add_module("conv_pwl" if self.expands else "conv_pw", convolution(channels, outputs, 1))
        self.add_module(next(norms), norm(outputs))

    def forward(self, x):
        if self.expands:
            y = self.activation(self.bn1(self.conv_pw(x)))
            y = self.se(self.activation(self.bn2(self.conv_dw(y))))
            y = self.bn3(self.conv_pwl(y))
        else:
            y = self.se(self.activation(self.bn1(self.conv_dw(x))))
            y = self.bn2(self.conv_pw(y))
        return y + x if self.adds else y


class TimmMobile(nn.Module):
    def __init__(self, stages, width, depth, squeezes, activation, same, eps, head, classes):
        super().__init__()

        def convolution(inputs, outputs, kernel, stride=1, groups=1):
            if same:
                return SameConv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
            return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)

        def norm(channels):
            return nn.BatchNorm2d(channels, eps=eps)

        self.activation = activation
        channels = divisible(32, width)
        self.conv_stem = convolution(3, channels, 3, 2)
        self.bn1 = norm(channels)
        self.blocks = nn.Sequential()
        for repeats, kernel, stride, expansion, outputs in stages:
            outputs = divisible(outputs, width)
            stage = nn.Sequential()
            for block in range(math.ceil(repeats * depth)):
                stage.append(InvertedResidual(
                    channels, outputs, kernel, stride if block == 0 else 1, expansion, squeezes, activation,
                    convolution, norm))
                channels = outputs
            self.blocks.append(stage)
        self.conv_head = convolution(channels, head, 1)
        self.bn2 = norm(head)
        self.classifier = nn.Linear(head, classes)

    def forward(self, x):
        x = self.blocks(self.activation(self.bn1(self.conv_stem(x))))
        x = self.activation(self.bn2(self.conv_head(x)))
        return self.classifier(x.mean((2, 3)))


class MobileNetV2(TimmMobile):
    stages = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (3, 3, 2, 6, 32), (4, 3, 2, 6, 64), (3, 3, 1, 6, 96),
              (3, 3, 2, 6, 160), (1, 3, 1, 6, 320)]

    def __init__(self, classes):
        super().__init__(self.stages, 1.0, 1.0, False, F.relu6, False, 1e-5, 1280, classes)


class EfficientNet(TimmMobile):
    stages = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
              (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]

    def __init__(self, width, depth, same, eps, classes):
        super().__init__(self.stages, width, depth, True, F.silu, same, eps, divisible(1280, width), classes)


def unit(inputs, outputs, kernel, stride=1, padding=0):
    """Convolution, batch norm and ReLU, called conv and bn."""
    return nn.Sequential(OrderedDict(
        conv=nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
        bn=nn.BatchNorm2d(outputs, eps=1e-3),
        relu=nn.ReLU()))


def row(inputs, outputs, kernel):
    return unit(inputs, outputs, (1, kernel), padding=(0, kernel // 2))


def column(inputs, outputs, kernel):
    return unit(inputs, outputs, (kernel, 1), padding=(kernel // 2, 0))


def pool_and_unit(inputs, outputs):
    return nn.Sequential(nn.AvgPool2d(3, 1, 1, count_include_pad=False), unit(inputs, outputs, 1))


class Mixed(nn.Module):
    """Branches side by side, their channels in the order given."""

    def __init__(self, **branches):
        super().__init__()
        self.names = list(branches)
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, x):
        return torch.cat([getattr(self, name)(x) for name in self.names], 1)


class InceptionC(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch0 = unit(1536, 256, 1)
        self.branch1_0 = unit(1536, 384, 1)
        self.branch1_1a = row(384, 256, 3)
        self.branch1_1b = column(384, 256, 3)
        self.branch2_0 = unit(1536, 384, 1)
        self.branch2_1 = column(384, 448, 3)
        self.branch2_2 = row(448, 512, 3)
        self.branch2_3a = row(512, 256, 3)
        self.branch2_3b = column(512, 256, 3)
        self.branch3 = pool_and_unit(1536, 256)

    def forward(self, x):
        one = self.branch1_0(x)
        two = self.branch2_2(self.branch2_1(self.branch2_0(x)))
        return torch.cat([self.branch0(x), self.branch1_1a(one), self.branch1_1b(one),
                          self.branch2_3a(two), self.branch2_3b(two), self.branch3(x)], 1)


class InceptionV4(nn.Module):
    def __init__(self, classes):
        super().__init__()
        chain = nn.Sequential
        self.features = chain(
            unit(3, 32, 3, 2), unit(32, 32, 3), unit(32, 64, 3, padding=1),
            Mixed(maxpool=nn.MaxPool2d(3, 2), conv=unit(64, 96, 3, 2)),
            Mixed(branch0=chain(unit(160, 64, 1), unit(64, 96, 3)),
                  branch1=chain(unit(160, 64, 1), row(64, 64, 7), column(64, 64, 7), unit(64, 96, 3))),
            Mixed(conv=unit(192, 192, 3, 2), maxpool=nn.MaxPool2d(3, 2)),
            *[Mixed(branch0=unit(384, 96, 1),
                    branch1=chain(unit(384, 64, 1), unit(64, 96, 3, padding=1)),
                    branch2=chain(unit(384, 64, 1), unit(64, 96, 3, padding=1), unit(96, 96, 3, padding=1)),
                    branch3=pool_and_unit(384, 96)) for _ in range(4)],
            Mixed(branch0=unit(384, 384, 3, 2),
                  branch1=chain(unit(384, 192, 1), unit(192, 224, 3, padding=1), unit(224, 256, 3, 2)),
                  branch2=nn.MaxPool2d(3, 2)),
            *[Mixed(branch0=unit(1024, 384, 1),
                    branch1=chain(unit(1024, 192, 1), row(192, 224, 7), column(224, 256, 7)),
                    branch2=chain(unit(1024, 192, 1), column(192, 192, 7), row(192, 224, 7), column(224, 224, 7),
                                  row(224, 256, 7)),
                    branch3=pool_and_unit(1024, 128)) for _ in range(7)],
            Mixed(branch0=chain(unit(1024, 192, 1), unit(192, 192, 3, 2)),
                  branch1=chain(unit(1024, 256, 1), row(256, 256, 7), column(256, 320, 7), unit(320, 320, 3, 2)),
                  branch2=nn.MaxPool2d(3, 2)),
            *[InceptionC() for _ in range(3)])
        self.last_linear = nn.Linear(1536, classes)

    def forward(self, x):
        return self.last_linear(self.features(x).mean((2, 3)))


class ResidualMixed(Mixed):
    """Branches, a convolution of what they give, scaled and added to the input; ReLU but in the network's last."""

    def __init__(self, channels, joined, scale, relu=True, **branches):
        super().__init__(**branches)
        self.conv2d = nn.Conv2d(joined, channels, 1)
        self.scale, self.relu = scale, relu

    def forward(self, x):
        x = self.conv2d(super().forward(x)) * self.scale + x
        return F.relu(x) if self.relu else x


class InceptionResNetV2(nn.Module):
    def __init__(self, classifier, classes):
        super().__init__()
        chain = nn.Sequential
        self.conv2d_1a, self.conv2d_2a = unit(3, 32, 3, 2), unit(32, 32, 3)
        self.conv2d_2b, self.maxpool_3a = unit(32, 64, 3, padding=1), nn.MaxPool2d(3, 2)
        self.conv2d_3b, self.conv2d_4a, self.maxpool_5a = unit(64, 80, 1), unit(80, 192, 3), nn.MaxPool2d(3, 2)
        self.mixed_5b = Mixed(
            branch0=unit(192, 96, 1), branch1=chain(unit(192, 48, 1), unit(48, 64, 5, padding=2)),
            branch2=chain(unit(192, 64, 1), unit(64, 96, 3, padding=1), unit(96, 96, 3, padding=1)),
            branch3=pool_and_unit(192, 64))
        self.repeat = chain(*[ResidualMixed(
            320, 128, 0.17, branch0=unit(320, 32, 1), branch1=chain(unit(320, 32, 1), unit(32, 32, 3, padding=1)),
            branch2=chain(unit(320, 32, 1), unit(32, 48, 3, padding=1), unit(48, 64, 3, padding=1)))
            for _ in range(10)])
        self.mixed_6a = Mixed(
            branch0=unit(320, 384, 3, 2),
            branch1=chain(unit(320, 256, 1), unit(256, 256, 3, padding=1), unit(256, 384, 3, 2)),
            branch2=nn.MaxPool2d(3, 2))
        self.repeat_1 = chain(*[ResidualMixed(
            1088, 384, 0.10, branch0=unit(1088, 192, 1),
            branch1=chain(unit(1088, 128, 1), row(128, 160, 7), column(160, 192, 7))) for _ in range(20)])
        self.mixed_7a = Mixed(
            branch0=chain(unit(1088, 256, 1), unit(256, 384, 3, 2)),
            branch1=chain(unit(1088, 256, 1), unit(256, 288, 3, 2)),
            branch2=chain(unit(1088, 256, 1), unit(256, 288, 3, padding=1), unit(288, 320, 3, 2)),
            branch3=nn.MaxPool2d(3, 2))
        blocks = [ResidualMixed(
            2080, 448, scale, relu, branch0=unit(2080, 192, 1),
            branch1=chain(unit(2080, 192, 1), row(192, 224, 3), column(224, 256, 3)))
            for scale, relu in [(0.20, True)] * 9 + [(1.0, False)]]
        self.repeat_2, self.block8 = chain(*blocks[:9]), blocks[9]
        self.conv2d_7b = unit(2080, 1536, 1)
        self.classifier = classifier
        self.add_module(classifier, nn.Linear(1536, classes))

    def forward(self, x):
        for name, module in self.named_children():
            if name != self.classifier:
                x = module(x)
        return getattr(self, self.classifier)(x.mean((2, 3)))


class ClipBottleneck(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.pool = nn.AvgPool2d(stride)
        self.downsample = None
        if stride > 1 or inputs != 4 * width:
            self.downsample = nn.Sequential(OrderedDict([
                ("0", nn.Conv2d(inputs, 4 * width, 1, bias=False)), ("1", nn.BatchNorm2d(4 * width))]))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.pool(F.relu(self.bn2(self.conv2(y))))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (self.downsample(self.pool(x)) if self.downsample else x))


class ClipAttentionPool(nn.Module):
    def __init__(self, positions, channels, heads, outputs):
        super().__init__()
        self.positional_embedding = nn.Parameter(torch.zeros(positions + 1, channels))
        self.k_proj, self.q_proj = nn.Linear(channels, channels), nn.Linear(channels, channels)
        self.v_proj, self.c_proj = nn.Linear(channels, channels), nn.Linear(channels, outputs)
        self.heads = heads

    def forward(self, x):
        x = x.flatten(2).transpose(1, 2)
        x = torch.cat([x.mean(1, keepdim=True), x], 1) + self.positional_embedding
        images, positions, channels = x.shape
        q, k, v = [projection(x).reshape(images, positions, self.heads, -1).transpose(1, 2)
                   for projection in (self.q_proj, self.k_proj, self.v_proj)]
        attention = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(channels // self.heads), -1)
        return self.c_proj((attention @ v)[:, :, 0].reshape(images, channels))


class ClipResNet50(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32)
        self.conv2, self.bn2 = nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32)
        self.conv3, self.bn3 = nn.Conv2d(32, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64)
        inputs = 64
        for stage, depth in enumerate([3, 4, 6, 3]):
            width = 64 << stage
            blocks = [ClipBottleneck(inputs, width, 1 if stage == 0 else 2)]
            blocks += [ClipBottleneck(4 * width, width, 1) for _ in range(depth - 1)]
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
            inputs = 4 * width
        self.attnpool = ClipAttentionPool(49, inputs, 32, outputs or 1024)

    def forward(self, x):
        for convolution, norm in [(self.conv1, self.bn1), (self.conv2, self.bn2), (self.conv3, self.bn3)]:
            x = F.relu(norm(convolution(x)))
        x = F.avg_pool2d(x, 2)
        return self.attnpool(self.layer4(self.layer3(self.layer2(self.layer1(x)))))
