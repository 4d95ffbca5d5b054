"""Transformers, ConvNeXt and MLP-Mixer. Those that torchvision lacks are defined in networks_vit.py."""
import functools

import networks_vit as networks
import torchvision.models
from make_architecture_goldens import Golden

torchvision_table = "https://github.com/pytorch/vision/blob/v0.14.1/docs/source/models.rst, num_params of the weights"
timm_table = "https://github.com/huggingface/pytorch-image-models/blob/v0.9.2/results/results-imagenet.csv: "
timm_models = "https://github.com/huggingface/pytorch-image-models/blob/v0.9.2/timm/models/"
beit_source = "https://github.com/microsoft/unilm/blob/006195f51b10ac44773cb62bad854fdfebb3c6c8/beit/modeling_finetune.py"

# Tokens start small, so that the epsilon of the first norm shows in the logits.
faint = (-0.01, 0.01)
tokens = {"cls_token": faint, "class_token": faint, "pos_embed": faint, "pos_embedding": faint,
          "patch_embed.proj.weight": (-5e-4, 5e-4), "conv_proj.weight": (-5e-4, 5e-4), "stem.proj.weight": (-5e-4, 5e-4),
          "patch_embed.proj.bias": faint, "conv_proj.bias": faint, "stem.proj.bias": faint}
stems = {f"{stem}.{part}": (-size, size)
         for stem in ("features.0.0", "patch_embed.proj", "stem.0", "downsample_layers.0.0")
         for part, size in [("weight", 2e-3), ("bias", 1e-3)]}
scales = {"gamma": (0.2, 0.8), "gamma_1": (0.2, 0.8), "gamma_2": (0.2, 0.8), "layer_scale": (0.2, 0.8)}


def square(size, count=2):
    return (count, 3, size, size)


def torchvision_golden(name, parameters, golden=None, **options):
    def create(classes):
        return getattr(torchvision.models, name)(num_classes=classes)

    return Golden(golden or name, name, f"torchvision 0.14.1, torchvision.models.{name}", create, parameters,
                  torchvision_table, **options)


def vision_transformers():
    sizes = {"ti": (192, 12, 3), "s": (384, 12, 6), "b": (768, 12, 12), "l": (1024, 24, 16)}

    for name, parameters, count in [("vit_b_16", 86_567_656, 2), ("vit_b_32", 88_224_232, 2),
                                    ("vit_l_16", 304_326_632, 1), ("vit_l_32", 306_535_400, 2)]:
        yield torchvision_golden(name, parameters, shapes=(square(224, count),), ranges=tokens)
    yield torchvision_golden(
        "vit_b_32", 88_224_232, "vit_b_32.torchvision_0.12", shapes=(square(224),), ranges=tokens,
        rename=lambda name: name.replace("mlp.0", "mlp.linear_1").replace("mlp.3", "mlp.linear_2"))

    timm = timm_models + "vision_transformer.py, vit_"
    mae = ("https://github.com/facebookresearch/mae/blob/be47fef7a727943547afb0c670cf1b26034c3c89/models_vit.py, "
           "vit_{}_patch16, global_pool=True")
    for name, source, model, patch, size, parameters, published, options in [
        ("vit_ti_16.timm", timm + "tiny_patch16_224, DeiT-Ti", "ti", 16, 224, 5_717_416, "5.72M", {}),
        ("vit_s_16.timm", timm + "small_patch16_224, DeiT-S", "s", 16, 224, 22_050_664, "22.05M", {}),
        ("vit_s_16.timm_384", timm + "small_patch16_384", "s", 16, 384, 22_196_584, "22.20M", {}),
        ("vit_s_32.timm", timm + "small_patch32_224", "s", 32, 224, 22_878_952, "22.88M", {}),
        ("vit_b_8.timm", timm + "base_patch8_224", "b", 8, 224, 86_576_872, "86.58M", {}),
        ("vit_b_16.timm", timm + "base_patch16_224, DeiT-B", "b", 16, 224, 86_567_656, "86.57M", {}),
        ("vit_l_16.timm", timm + "large_patch16_224", "l", 16, 224, 304_326_632, "304.33M", {}),
        ("vit_b_16_mean.mae", mae.format("base"), "b", 16, 224, 86_567_656, "86.57M", {"pool": "mean"}),
        ("vit_l_16_mean.mae", mae.format("large"), "l", 16, 224, 304_326_632, "304.33M", {"pool": "mean"}),
    ]:
        width, depth, heads = sizes[model]
        yield Golden(name, name.split(".")[0], source,
                     functools.partial(networks.VisionTransformer, size=size, patch=patch, width=width, depth=depth,
                                       heads=heads, **options),
                     parameters, timm_table + published, shapes=(square(size, 1 if size == 384 or patch == 8 or model == "l" else 2),),
                     ranges=tokens)
    # Its positions are no parameters there; here they count, as those of every other transformer.
    yield Golden("vit_s_16_moco_v3", "vit_s_16_moco_v3",
                 "https://github.com/facebookresearch/moco-v3/blob/1c6b717e5591bc11ce8a0c093dcdedcd6dc07ca6/vits.py, vit_small",
                 functools.partial(networks.VisionTransformer, width=384, heads=12), 22_050_664,
                 timm_table + "22.05M of vit_small_patch16_224, whose tensors it has", shapes=(square(224),),
                 ranges=tokens, given=True)


def beits():
    mean = {"pool": "mean", "positions": False}
    for name, source, width, depth, heads, parameters, published, options in [
        ("beit_b_16", "beit_base_patch16_224", 768, 12, 12, 86_530_984, "86.53M", mean),
        ("beit_l_16", "beit_large_patch16_224", 1024, 24, 16, 304_430_568, "304.43M", mean),
        ("beit_b_16.shared",
         "use_abs_pos_emb=True, use_shared_rel_pos_bias=True, use_mean_pooling=False, init_values=0.1", 768, 12, 12,
         86_585_656, "not in it; 86.53M with one table of biases instead of 12, and with positions", {"shared": True}),
    ]:
        yield Golden(name, name.split(".")[0], f"{beit_source}, {source}; same in {timm_models}beit.py",
                     functools.partial(networks.VisionTransformer, width=width, depth=depth, heads=heads, beit=True,
                                       **options),
                     parameters, timm_table + published, shapes=(square(224, 1 if depth == 24 else 2),),
                     ranges={**tokens, **scales})


def swins():
    shapes = square(224), square(64, 1), (1, 3, 75, 90)
    for name, parameters in [("swin_t", 28_288_354), ("swin_s", 49_606_258), ("swin_b", 87_768_224)]:
        yield torchvision_golden(
            name, parameters, shapes=shapes if name == "swin_t" else shapes[:1], ranges=stems)

    microsoft = ("https://github.com/microsoft/Swin-Transformer/blob/055c506510dd456f4a5f6cc52655a35ebbb1f87b/"
                 "models/swin_transformer.py")
    timm = timm_models + "swin_transformer.py, swin_"
    small = {"depths": (2, 2, 18, 2), "timm": True}
    base = {"width": 128, "depths": (2, 2, 18, 2), "heads": (4, 8, 16, 32), "timm": True}
    for name, source, options, size, parameters, published in [
        ("swin_t.microsoft", microsoft + ", configs/swin/swin_tiny_patch4_window7_224.yaml", {}, 224, 28_288_354, "28.29M"),
        ("swin_t.timm", timm + "tiny_patch4_window7_224", {"timm": True}, 224, 28_288_354, "28.29M"),
        ("swin_s.timm", timm + "small_patch4_window7_224", small, 224, 49_606_258, "49.61M"),
        ("swin_b.timm_384", timm + "base_patch4_window12_384", {**base, "window": 12, "size": 384}, 384, 87_903_584, "87.90M"),
    ]:
        yield Golden(name, name.split(".")[0], source, functools.partial(networks.SwinTransformer, **options),
                     parameters, timm_table + published, shapes=(square(size, 1 if size == 384 else 2),),
                     ranges=stems)


def convnexts():
    ranges = {**scales, **stems}
    for name, parameters in [("convnext_tiny", 28_589_128), ("convnext_small", 50_223_688),
                             ("convnext_base", 88_591_464), ("convnext_large", 197_767_336)]:
        yield torchvision_golden(name, parameters, shapes=(square(96), (1, 3, 75, 107)), ranges=ranges)
    for name, source, options, parameters, published in [
        ("convnext_tiny.facebook", "https://github.com/facebookresearch/ConvNeXt/blob/"
         "06f7b05f922e21914916406141f50f82b4a15852/models/convnext.py, convnext_tiny", {"timm": False}, 28_589_128, "28.59M"),
        ("convnext_tiny.timm", timm_models + "convnext.py, convnext_tiny", {"timm": True}, 28_589_128, "28.59M"),
        ("convnext_small.timm", timm_models + "convnext.py, convnext_small",
         {"timm": True, "depths": (3, 3, 27, 3)}, 50_223_688, "50.22M"),
        ("convnext_base.timm", timm_models + "convnext.py, convnext_base",
         {"timm": True, "depths": (3, 3, 27, 3), "width": 128}, 88_591_464, "88.59M"),
    ]:
        yield Golden(name, name.split(".")[0], source, functools.partial(networks.ConvNeXt, **options), parameters,
                     timm_table + published, shapes=(square(96), (1, 3, 75, 107)), ranges=ranges)


def mixers():
    yield Golden("mixer_b_16.timm", "mixer_b_16", timm_models + "mlp_mixer.py, mixer_b16_224", networks.MlpMixer,
                 59_880_472, timm_table + "59.88M", shapes=(square(224),), ranges=tokens)


def goldens():
    return [*vision_transformers(), *beits(), *swins(), *convnexts(), *mixers()]
