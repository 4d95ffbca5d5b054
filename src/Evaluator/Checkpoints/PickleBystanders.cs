namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// What training scripts leave beside the weights in their checkpoints: options, paths, dates, types. None of it is
/// looked at. Each name is here because published checkpoints carry it; what could run something is not.
/// </summary>
internal static class PickleBystanders
{
    // Subclasses of dict: their items are kept as a dict's, in case that weights are among them.
    private static readonly string[] Mappings =
    [
        "collections.defaultdict", // the state of torch.optim's optimisers
        "collections.Counter", // MultiStepLR's milestones
        "yacs.config.CfgNode", // Swin Transformer, `config`
        "fvcore.common.config.CfgNode", // pycls, SlowFast
        "detectron2.config.config.CfgNode",
        "easydict.EasyDict", // HRNet and its descendants
        "addict.addict.Dict", // OpenMMLab, `meta`
        "mmcv.utils.config.ConfigDict",
        "mmengine.config.config.ConfigDict",
        "munch.Munch",
        "pytorch_lightning.utilities.parsing.AttributeDict", // Lightning, `hyper_parameters`
        "lightning_fabric.utilities.data.AttributeDict",
        "lightning.fabric.utilities.data.AttributeDict",
    ];

    private static readonly string[] Others =
    [
        "argparse.Namespace", // timm, MAE, DeiT, DINO, MoPro: `args`
        "types.SimpleNamespace",
        "ml_collections.config_dict.config_dict.ConfigDict",
        "omegaconf.dictconfig.DictConfig", // Hydra's options
        "omegaconf.listconfig.ListConfig",
        "omegaconf.base.Metadata",
        "omegaconf.base.ContainerMetadata",
        "omegaconf.nodes.AnyNode",
        "omegaconf.nodes.StringNode",
        "omegaconf.nodes.IntegerNode",
        "omegaconf.nodes.FloatNode",
        "omegaconf.nodes.BooleanNode",
        "omegaconf.nodes.EnumNode",
        "omegaconf.nodes.PathNode",
        "omegaconf.nodes.BytesNode",
        "omegaconf.nodes.InterpolationResultNode",
        "typing.Any", // omegaconf's types of its nodes
        "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint", // classes as keys of Lightning's `callbacks`
        "pytorch_lightning.callbacks.early_stopping.EarlyStopping",
        "pathlib.Path", // options that are paths
        "pathlib.PosixPath",
        "pathlib.WindowsPath",
        "pathlib.PurePath",
        "pathlib.PurePosixPath",
        "pathlib.PureWindowsPath",
        "datetime.date", // when it was trained, and for how long
        "datetime.time",
        "datetime.datetime",
        "datetime.timedelta",
        "datetime.timezone",
        "uuid.UUID",
        "torch.device",
        "torch.Tensor", // the type that a tensor of a subclass names
        "torch.serialization._get_layout",
        "builtins.bytearray",
        "builtins.complex",
        "builtins.slice",
        "builtins.range",
        "builtins.xrange", // Python 2's range
        "builtins.object", // types: of options, of a defaultdict's values
        "builtins.bool",
        "builtins.int",
        "builtins.long",
        "builtins.float",
        "builtins.str",
        "builtins.unicode",
        "builtins.list",
        "builtins.tuple",
        "builtins.dict",
        "numpy.ndarray",
        "numpy.bool_", // types of numbers
        "numpy.bool",
        "numpy.int8",
        "numpy.int16",
        "numpy.int32",
        "numpy.int64",
        "numpy.uint8",
        "numpy.uint16",
        "numpy.uint32",
        "numpy.uint64",
        "numpy.float16",
        "numpy.float32",
        "numpy.float64",
        "numpy.complex64",
        "numpy.complex128",
        "numpy.dtypes.BoolDType", // types of dtypes, since numpy 1.25
        "numpy.dtypes.Int8DType",
        "numpy.dtypes.Int16DType",
        "numpy.dtypes.Int32DType",
        "numpy.dtypes.Int64DType",
        "numpy.dtypes.UInt8DType",
        "numpy.dtypes.UInt16DType",
        "numpy.dtypes.UInt32DType",
        "numpy.dtypes.UInt64DType",
        "numpy.dtypes.Float16DType",
        "numpy.dtypes.Float32DType",
        "numpy.dtypes.Float64DType",
        "numpy.dtypes.StrDType",
        "numpy.dtypes.ObjectDType",
    ];

    public static IEnumerable<KeyValuePair<string, PickleGlobal>> Names =>
    [
        .. Mappings.Select(name => KeyValuePair.Create(name, new PickleGlobal(Mapping) { IsOpaque = true })),
        .. Others.Select(name => KeyValuePair.Create(name, PickleGlobal.Opaque(name))),
    ];

    // A Counter brings its counts as an argument, the others set their items afterwards.
    private static PickleDict Mapping(object?[] args) => args is [PickleDict items, ..] ? items : new PickleDict();
}
