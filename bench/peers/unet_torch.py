"""unetflow's network in PyTorch: Ronneberger et al. 2015, valid convolutions, free depth and width.

Its state dict has the names and shapes of a model file, so that a trained model loads in one line:

    net.load_state_dict(safetensors.torch.load_file("model.safetensors"))
"""
import torch
from torch import nn
from torch.nn import functional


class Convolutions(nn.Module):
    """Two valid 3x3 convolutions, a ReLU behind each: takes 4 pixels off width and height."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3)
        self.conv2 = nn.Conv2d(outputs, outputs, 3)

    def forward(self, x):
        return functional.relu(self.conv2(functional.relu(self.conv1(x))))


class Decoder(Convolutions):
    """Up-convolution, then convolutions over the skip's centre and the up-convolved channels, in this order."""

    def __init__(self, outputs):
        super().__init__(2 * outputs, outputs)
        self.up = nn.ConvTranspose2d(2 * outputs, outputs, 2, stride=2)

    def forward(self, x, skip):
        x = self.up(x)
        top, left = ((skip.shape[axis] - x.shape[axis]) // 2 for axis in (2, 3))
        centre = skip[:, :, top:top + x.shape[2], left:left + x.shape[3]]
        return super().forward(torch.cat((centre, x), dim=1))


class UNet(nn.Module):
    """Images [N, channels, side, side] -> scores [N, classes, side - margin, side - margin], before the softmax."""

    def __init__(self, channels=1, classes=2, width=64, depth=4, pooling="max"):
        super().__init__()
        widths = [width << level for level in range(depth + 1)]
        inputs = [channels] + widths
        self.pool = {"max": functional.max_pool2d, "average": functional.avg_pool2d}[pooling]
        self.encoder = nn.ModuleList(Convolutions(inputs[level], widths[level]) for level in range(depth))
        self.bottom = Convolutions(inputs[depth], widths[depth])
        self.decoder = nn.ModuleList(Decoder(widths[level]) for level in range(depth))
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        skips = []
        for block in self.encoder:
            skips.append(block(x))
            x = self.pool(skips[-1], 2)
        x = self.bottom(x)
        for block, skip in zip(reversed(self.decoder), reversed(skips)):
            x = block(x, skip)
        return self.head(x)


def margin(depth):
    """Pixels lost by width and height together: 184 for depth 4."""
    return 4 * (3 * 2**depth - 2)


def output_size(side, depth):
    """What is left of an input `side` pixels wide; 0 when the network cannot take it."""
    for _ in range(depth):
        side -= 4
        if side <= 0 or side % 2:
            return 0
        side //= 2
    side -= 4
    for _ in range(depth):
        side = 2 * side - 4
    return max(side, 0)


def padding_for(extent, depth):
    """Pixels to mirror before and behind `extent`, so that the network's output begins with it and covers it."""
    side = extent
    while output_size(side, depth) < extent:
        side += 1
    before = (side - output_size(side, depth)) // 2
    return before, side - extent - before


def weighted_loss(scores, labels, weights, ignored=255):
    """Weighted cross-entropy sum(w * ce) / sum(w) over the pixels that are not `ignored`.

    scores [N, classes, H, W], labels [N, H, W] integers, weights [N, H, W].
    """
    counted = weights * (labels != ignored)
    cross_entropy = functional.cross_entropy(scores, labels, reduction="none", ignore_index=ignored)
    return (counted * cross_entropy).sum() / counted.sum()
