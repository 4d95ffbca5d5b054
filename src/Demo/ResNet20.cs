using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Demo;

/// <summary>
/// The CIFAR ResNet-20 of He et al. 2016, section 4.2, with shortcuts of option A, to be trained: the evaluator's
/// networks know no gradients and no batch statistics. Tensors are named as in akamaster/pytorch_resnet_cifar10.
/// </summary>
internal sealed class ResNet20 : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Linear linear;

    public ResNet20(int classCount)
        : base(nameof(ResNet20))
    {
        conv1 = Conv2d(3, 16, 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(16);
        layer1 = Stage(16, 16);
        layer2 = Stage(16, 32);
        layer3 = Stage(32, 64);
        linear = Linear(64, classCount);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        var x = functional.relu(bn1.forward(conv1.forward(images)));
        x = layer3.forward(layer2.forward(layer1.forward(x)));
        return linear.forward(x.mean([2, 3]));
    }

    private static Sequential Stage(int inputs, int outputs) =>
        Sequential(new Block(inputs, outputs), new Block(outputs, outputs), new Block(outputs, outputs));

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly int added;

        public Block(int inputs, int outputs)
            : base(nameof(Block))
        {
            conv1 = Conv2d(inputs, outputs, 3, stride: outputs / inputs, padding: 1, bias: false);
            bn1 = BatchNorm2d(outputs);
            conv2 = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(outputs);
            added = outputs - inputs;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var y = functional.relu(bn1.forward(conv1.forward(x)));
            return functional.relu(bn2.forward(conv2.forward(y)) + Shortcut(x));
        }

        // Every second pixel; half of the added channels, all zero, before the old ones and half after.
        private Tensor Shortcut(Tensor x)
        {
            if (added == 0)
            {
                return x;
            }

            var half = x[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)];
            return functional.pad(half, [0, 0, 0, 0, added / 2, added / 2]);
        }
    }
}
