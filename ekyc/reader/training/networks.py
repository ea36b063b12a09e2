"""The networks. Attribute names are the keys of the checkpoints in ``ekyc/models``."""

from __future__ import annotations

from typing import Any

from ekyc.reader.training.needs import need
from ekyc.reader.training.shards import TEXT_ROWS

torch = need("torch", "torch")
nn = torch.nn


def conv(given: int, made: int, stride: Any = 1, dilation: int = 1) -> Any:
    """3 x 3 convolution, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(given, made, 3, stride, dilation, dilation=dilation, bias=False),
        nn.BatchNorm2d(made),
        nn.ReLU(inplace=True),
    )


class TextNet(nn.Module):
    """(N, 1, 40, W) normalised grey -> (N, W / 4, classes) logits; class 0 is the CTC blank."""

    def __init__(self, classes: int, width: int = 192, hidden: int = 144, p: float = 0.05) -> None:
        super().__init__()
        self.features = nn.Sequential(
            conv(1, 32, 2),
            conv(32, 64, 2),
            conv(64, 80),
            nn.MaxPool2d((2, 1)),
            conv(80, 128),
            conv(128, width, (2, 1)),
        )
        rows = TEXT_ROWS // 16 + 1
        self.squash = nn.Sequential(nn.Linear(width * rows, width), nn.ReLU(inplace=True), nn.Dropout(p))
        self.context = nn.LSTM(width, hidden, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(p)
        self.head = nn.Linear(2 * hidden, classes)

    def forward(self, x: Any) -> Any:
        x = self.features(x)
        n, c, h, w = x.shape
        x = self.squash(x.permute(0, 3, 1, 2).reshape(n, w, c * h))
        return self.head(self.drop(self.context(x)[0]))


class MrzNet(nn.Module):
    """(N, 1, 32, W) -> (N, W / 4, 38) logits: convolutions only, the zone has no language to learn."""

    def __init__(self, classes: int = 38) -> None:
        super().__init__()
        self.features = nn.Sequential(
            conv(1, 24, 2), conv(24, 48, 2), conv(48, 64, (2, 1)), conv(64, 96, (2, 1))
        )
        self.context = nn.Sequential(
            *self._along(192, 128),
            nn.Dropout(0.1),
            *self._along(128, 96),
            nn.Dropout(0.1),
            nn.Conv1d(96, classes, 1),
        )

    @staticmethod
    def _along(given: int, made: int) -> tuple[Any, ...]:
        return nn.Conv1d(given, made, 5, 1, 2, bias=False), nn.BatchNorm1d(made), nn.ReLU(inplace=True)

    def forward(self, x: Any) -> Any:
        x = self.features(x)
        n, c, h, w = x.shape
        return self.context(x.reshape(n, c * h, w)).transpose(1, 2)


class SegmentNet(nn.Module):
    """(N, channels, H, W) -> (N, 1, H / 2, W / 2) logits; H and W are multiples of 2 ** (stages + 1)."""

    def __init__(self, channels: int, widths: tuple[int, ...], middle: int) -> None:
        super().__init__()
        downs, given = [nn.Sequential(conv(channels, 12, 2), conv(12, widths[0]))], widths[0]
        for width in widths[1:]:
            downs.append(nn.Sequential(conv(given, width, 2), conv(width, width)))
            given = width
        self.downs = nn.ModuleList(downs)
        wide = (conv(middle, middle, 1, 2), conv(middle, middle, 1, 4), conv(middle, middle, 1, 2))
        self.middle = nn.Sequential(conv(given, middle, 2), *wide)
        below = (middle, *widths[:0:-1])
        self.ups = nn.ModuleList([conv(b + w, w) for b, w in zip(below, reversed(widths), strict=True)])
        self.out = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x: Any) -> Any:
        kept = []
        for down in self.downs:
            x = down(x)
            kept.append(x)
        x = self.middle(x)
        for up, skip in zip(self.ups, reversed(kept), strict=True):
            larger = nn.functional.interpolate(x, scale_factor=2.0, mode="nearest")
            x = up(torch.cat([larger, skip], 1))
        return self.out(x)


def line_bands() -> SegmentNet:
    """Rectified card at half size, grey -> the middle bands of its lines."""
    return SegmentNet(1, (16, 32), 48)


def card_mask() -> SegmentNet:
    """Photo with 256 pixels on the longer side, RGB -> the card."""
    return SegmentNet(3, (16, 24, 40), 64)
