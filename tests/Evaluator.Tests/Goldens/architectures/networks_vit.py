"""Transformers, ConvNeXt and MLP-Mixer with the tensor names, the epsilons and the pooling of the definitions that
definitions_vit.py cites."""
import torch
import torch.nn.functional as F
from torch import nn


class PatchEmbed(nn.Module):
    def __init__(self, patch, width, eps=None):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, patch)
        if eps is not None:
            self.norm = nn.LayerNorm(width, eps)

    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)
        return self.norm(x) if hasattr(self, "norm") else x


class Mlp(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


def relative_positions(size):
    """Rows of the table of biases for each pair of tokens of a size x size window: Swin-Transformer, WindowAttention."""
    coords = torch.stack(torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")).flatten(1)
    relative = (coords[:, :, None] - coords[:, None, :]).permute(1, 2, 0) + (size - 1)
    return relative[:, :, 0] * (2 * size - 1) + relative[:, :, 1]


def relative_positions_with_class(size):
    """Three more rows: class to token, token to class, class to class. unilm, beit/modeling_finetune.py."""
    rows = (2 * size - 1) ** 2 + 3
    index = torch.zeros(size * size + 1, size * size + 1, dtype=torch.int64)
    index[1:, 1:] = relative_positions(size)
    index[0, 0:] = rows - 3
    index[0:, 0] = rows - 2
    index[0, 0] = rows - 1
    return index


def add_position_bias(module, index, rows, heads, keep_index=True):
    module.relative_position_bias_table = nn.Parameter(torch.zeros(rows, heads))
    module.register_buffer("relative_position_index", index, persistent=keep_index)


def position_bias(module):
    index = module.relative_position_index
    return module.relative_position_bias_table[index.view(-1)].view(*index.shape, -1).permute(2, 0, 1)


def attend(q, k, v, bias):
    """q, k, v [N, heads, tokens, size]; bias added to the scores."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)
    x = torch.softmax(scores if bias is None else scores + bias, -1) @ v
    return x.transpose(1, 2).flatten(2)


def split_heads(qkv, heads):
    images, tokens, _ = qkv.shape
    return qkv.reshape(images, tokens, 3, heads, -1).permute(2, 0, 3, 1, 4).unbind(0)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x, shared=None):
        return self.proj(attend(*split_heads(self.qkv(x), self.heads), shared))


class BeitAttention(nn.Module):
    """No bias of the keys; a bias of positions of its own unless all blocks share one."""

    def __init__(self, width, heads, size):
        super().__init__()
        self.heads = heads
        self.q_bias, self.v_bias = nn.Parameter(torch.zeros(width)), nn.Parameter(torch.zeros(width))
        if size:
            add_position_bias(self, relative_positions_with_class(size), (2 * size - 1) ** 2 + 3, heads)
        self.qkv, self.proj = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width)

    def forward(self, x, shared=None):
        qkv = F.linear(x, self.qkv.weight, torch.cat((self.q_bias, torch.zeros_like(self.v_bias), self.v_bias)))
        return self.proj(attend(*split_heads(qkv, self.heads), position_bias(self) if shared is None else shared))


class Block(nn.Module):
    def __init__(self, width, attention, scaled):
        super().__init__()
        if scaled:
            self.gamma_1, self.gamma_2 = nn.Parameter(torch.ones(width)), nn.Parameter(torch.ones(width))
        self.norm1, self.attn = nn.LayerNorm(width, 1e-6), attention
        self.norm2, self.mlp = nn.LayerNorm(width, 1e-6), Mlp(width, 4 * width)
        self.scaled = scaled

    def forward(self, x, shared=None):
        y = self.attn(self.norm1(x), shared)
        x = x + (self.gamma_1 * y if self.scaled else y)
        y = self.mlp(self.norm2(x))
        return x + (self.gamma_2 * y if self.scaled else y)


class VisionTransformer(nn.Module):
    """timm's, and BEiT's with beit=True: no positions but biases of them, either in each block or shared by all."""

    def __init__(self, classes, size=224, patch=16, width=768, depth=12, heads=12, pool="token",
                 beit=False, shared=False, positions=True):
        super().__init__()
        side = size // patch
        self.pool = pool
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        if positions:
            self.pos_embed = nn.Parameter(torch.zeros(1, side * side + 1, width))
        self.patch_embed = PatchEmbed(patch, width)
        if shared:
            self.rel_pos_bias = nn.Module()
            add_position_bias(self.rel_pos_bias, relative_positions_with_class(side), (2 * side - 1) ** 2 + 3, heads)
        self.blocks = nn.ModuleList([
            Block(width, BeitAttention(width, heads, 0 if shared else side) if beit else Attention(width, heads), beit)
            for _ in range(depth)])
        self.add_module("norm" if pool == "token" else "fc_norm", nn.LayerNorm(width, 1e-6))
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch_embed(x)
        x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), 1)
        if hasattr(self, "pos_embed"):
            x = x + self.pos_embed
        shared = position_bias(self.rel_pos_bias) if hasattr(self, "rel_pos_bias") else None
        for block in self.blocks:
            x = block(x, shared)
        return self.head(self.norm(x)[:, 0] if self.pool == "token" else self.fc_norm(x[:, 1:].mean(1)))


class WindowAttention(nn.Module):
    def __init__(self, width, heads, window, keep_index):
        super().__init__()
        self.heads = heads
        add_position_bias(self, relative_positions(window), (2 * window - 1) ** 2, heads, keep_index)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x, mask):
        bias = position_bias(self)
        if mask is not None:
            bias = (mask.unsqueeze(1) + bias).repeat(x.shape[0] // len(mask), 1, 1, 1)
        return self.proj(attend(*split_heads(self.qkv(x), self.heads), bias))


def to_windows(x, window):
    images, height, width, channels = x.shape
    x = x.view(images, height // window, window, width // window, window, channels)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, window * window, channels)


def from_windows(x, window, side):
    count = side // window
    return x.view(-1, count, count, window, window, x.shape[-1]).permute(0, 1, 3, 2, 4, 5).reshape(
        -1, side, side, x.shape[-1])


def shift_mask(side, window, shift):
    """-100 between tokens that the cyclic shift brings together from opposite edges."""
    regions = torch.zeros(1, side, side, 1)
    slices = slice(0, -window), slice(-window, -shift), slice(-shift, None)
    for i, rows in enumerate(slices):
        for j, columns in enumerate(slices):
            regions[:, rows, columns] = 3 * i + j
    regions = to_windows(regions, window).squeeze(2)
    return torch.where(regions.unsqueeze(1) == regions.unsqueeze(2), 0.0, -100.0)


class SwinBlock(nn.Module):
    def __init__(self, width, side, heads, window, shifted, buffers):
        super().__init__()
        self.side, self.window = side, min(window, side)
        self.shift = window // 2 if shifted and side > window else 0
        self.norm1, self.attn = nn.LayerNorm(width), WindowAttention(width, heads, self.window, buffers)
        self.norm2, self.mlp = nn.LayerNorm(width), Mlp(width, 4 * width)
        mask = shift_mask(side, window, self.shift) if self.shift else None
        # What a file holds of it must not matter: the goldens fill it with other numbers.
        self.register_buffer("attn_mask", None if mask is None else mask.clone(), persistent=buffers)
        self.mask = mask

    def forward(self, x):
        y = torch.roll(self.norm1(x), (-self.shift, -self.shift), (1, 2))
        mask = None if self.mask is None else self.mask.to(y)
        y = from_windows(self.attn(to_windows(y, self.window), mask), self.window, self.side)
        x = x + torch.roll(y, (self.shift, self.shift), (1, 2))
        return x + self.mlp(self.norm2(x))


class PatchMerging(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.reduction, self.norm = nn.Linear(4 * width, 2 * width, bias=False), nn.LayerNorm(4 * width)

    def forward(self, x):
        x = [x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]]
        return self.reduction(self.norm(torch.cat(x, -1)))


class SwinStage(nn.Module):
    def __init__(self, width, side, depth, heads, window, buffers, downsample, merges_first):
        super().__init__()
        self.merges_first = merges_first
        if downsample and merges_first:
            self.downsample = PatchMerging(width // 2)
        self.blocks = nn.ModuleList([
            SwinBlock(width, side, heads, window, block % 2 == 1, buffers) for block in range(depth)])
        if downsample and not merges_first:
            self.downsample = PatchMerging(width)

    def forward(self, x):
        merge = getattr(self, "downsample", lambda x: x)
        x = merge(x) if self.merges_first else x
        for block in self.blocks:
            x = block(x)
        return x if self.merges_first else merge(x)


class Pool(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        return self.fc(x.mean((1, 2)))


class SwinTransformer(nn.Module):
    """microsoft's, and timm's of today with timm=True: merging first in the stage, no buffers in files, head.fc."""

    def __init__(self, classes, size=224, width=96, depths=(2, 2, 6, 2), heads=(3, 6, 12, 24), window=7, timm=False):
        super().__init__()
        self.patch_embed = PatchEmbed(4, width, 1e-5)
        self.side = size // 4
        self.layers = nn.ModuleList([
            SwinStage(width << stage, self.side >> stage, depths[stage], heads[stage], window, not timm,
                      stage > 0 if timm else stage < 3, timm) for stage in range(4)])
        self.norm = nn.LayerNorm(8 * width)
        self.head = Pool(8 * width, classes) if timm else nn.Linear(8 * width, classes)

    def forward(self, x):
        x = self.patch_embed(x)
        x = x.view(x.shape[0], self.side, self.side, -1)
        for layer in self.layers:
            x = layer(x)
        x = self.norm(x)
        return self.head(x if isinstance(self.head, Pool) else x.mean((1, 2)))


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    def __init__(self, width, timm):
        super().__init__()
        self.names = ("conv_dw", "norm", "mlp.fc1", "mlp.fc2") if timm else ("dwconv", "norm", "pwconv1", "pwconv2")
        self.gamma = nn.Parameter(torch.ones(width))
        convolution = nn.Conv2d(width, width, 7, padding=3, groups=width)
        self.add_module(self.names[0], convolution)
        self.norm = nn.LayerNorm(width, 1e-6)
        if timm:
            self.mlp = Mlp(width, 4 * width)
        else:
            self.pwconv1, self.pwconv2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        convolution, norm, first, second = [self.get_submodule(name) for name in self.names]
        y = second(F.gelu(first(norm(convolution(x).permute(0, 2, 3, 1)))))
        return x + (self.gamma * y).permute(0, 3, 1, 2)


class ConvNeXtStage(nn.Module):
    """timm's, which downsamples first."""

    def __init__(self, downsample, blocks):
        super().__init__()
        if downsample:
            self.downsample = downsample
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x):
        return self.blocks(self.downsample(x) if hasattr(self, "downsample") else x)


class NormHead(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.norm, self.fc = nn.LayerNorm(width, 1e-6), nn.Linear(width, classes)

    def forward(self, x):
        return self.fc(self.norm(x))


class ConvNeXt(nn.Module):
    """facebookresearch's, or timm's with timm=True."""

    def __init__(self, classes, depths=(3, 3, 9, 3), width=96, timm=False):
        super().__init__()
        stem = nn.Sequential(nn.Conv2d(3, width, 4, 4), LayerNorm2d(width, 1e-6))
        between = [nn.Sequential(LayerNorm2d(width << stage, 1e-6), nn.Conv2d(width << stage, 2 * width << stage, 2, 2))
                   for stage in range(3)]
        blocks = [[ConvNeXtBlock(width << stage, timm) for _ in range(depth)] for stage, depth in enumerate(depths)]
        self.timm = timm
        if timm:
            self.stem = stem
            self.stages = nn.Sequential(*[
                ConvNeXtStage(between[stage - 1] if stage else None, blocks[stage]) for stage in range(4)])
            self.head = NormHead(8 * width, classes)
        else:
            self.downsample_layers = nn.ModuleList([stem, *between])
            self.stages = nn.ModuleList([nn.Sequential(*stage) for stage in blocks])
            self.norm, self.head = nn.LayerNorm(8 * width, 1e-6), nn.Linear(8 * width, classes)

    def forward(self, x):
        if self.timm:
            return self.head(self.stages(self.stem(x)).mean((2, 3)))
        for downsample, stage in zip(self.downsample_layers, self.stages):
            x = stage(downsample(x))
        return self.head(self.norm(x.mean((2, 3))))


class MixerBlock(nn.Module):
    def __init__(self, width, tokens):
        super().__init__()
        self.norm1, self.mlp_tokens = nn.LayerNorm(width, 1e-6), Mlp(tokens, width // 2)
        self.norm2, self.mlp_channels = nn.LayerNorm(width, 1e-6), Mlp(width, 4 * width)

    def forward(self, x):
        x = x + self.mlp_tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.mlp_channels(self.norm2(x))


class MlpMixer(nn.Module):
    def __init__(self, classes, size=224, patch=16, width=768, depth=12):
        super().__init__()
        self.stem = PatchEmbed(patch, width)
        self.blocks = nn.Sequential(*[MixerBlock(width, (size // patch) ** 2) for _ in range(depth)])
        self.norm, self.head = nn.LayerNorm(width, 1e-6), nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.stem(x))).mean(1))
