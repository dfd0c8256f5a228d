"""Networks as scripts write them, untrained, with the statistics that a short training leaves, and their files."""

from collections import OrderedDict

import torch
from torch import nn


class Mlp(nn.Module):
    def __init__(self, eps=1e-5, slope=0.2, classes=0):
        super().__init__()
        self.z_dim, self.classes = 16, classes
        if classes:
            self.label_emb = nn.Embedding(classes, classes)
        layers = [nn.Linear(16 + classes, 48), nn.LeakyReLU(slope)]
        for inputs, outputs in ((48, 64), (64, 96)):
            layers += [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs, eps), nn.LeakyReLU(slope)]
        self.model = nn.Sequential(*layers, nn.Linear(96, 28 * 28), nn.Tanh())

    def forward(self, z, labels=None):
        if self.classes:
            z = torch.cat([self.label_emb(labels), z], 1)
        return self.model(z).view(-1, 1, 28, 28)


class Dcgan(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.z_dim, self.classes = 24, 0
        layers = [nn.ConvTranspose2d(24, width * 4, 4, 1, 0, bias=False), nn.BatchNorm2d(width * 4), nn.ReLU(True)]
        for factor in (4, 2):
            layers += [nn.ConvTranspose2d(width * factor, width * factor // 2, 4, 2, 1, bias=False),
                       nn.BatchNorm2d(width * factor // 2), nn.ReLU(True)]  # fmt: skip
        self.main = nn.Sequential(*layers, nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, z, labels=None):
        return self.main(z[:, :, None, None])


class Upsampling(nn.Module):
    """Linear, reshape, upsampling and convolutions; the eps of all but the first normalisation is 0.8."""

    def __init__(self, classes=0):
        super().__init__()
        self.z_dim, self.classes = 20, classes
        if classes:
            self.label_emb = nn.Embedding(classes, 20)
        self.l1 = nn.Sequential(nn.Linear(20, 16 * 49))
        self.conv_blocks = nn.Sequential(
            nn.BatchNorm2d(16), nn.Upsample(scale_factor=2), nn.Conv2d(16, 16, 3, 1, 1), nn.BatchNorm2d(16, 0.8),
            nn.LeakyReLU(0.2), nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, 1, 1), nn.BatchNorm2d(8, 0.8),
            nn.LeakyReLU(0.2), nn.Conv2d(8, 1, 3, 1, 1), nn.Tanh(),
        )  # fmt: skip

    def forward(self, z, labels=None):
        if self.classes:
            z = self.label_emb(labels) * z
        return self.conv_blocks(self.l1(z).view(len(z), 16, 7, 7))


class Functional(nn.Module):
    """Layers as attributes, normalisations after all convolutions, functions in between."""

    def __init__(self):
        super().__init__()
        self.z_dim, self.classes = 16, 0
        self.fc = nn.Linear(16, 32 * 16)
        self.deconv1 = nn.ConvTranspose2d(32, 16, 4, 2, 1)
        self.deconv2 = nn.ConvTranspose2d(16, 8, 4, 2, 1)
        self.deconv3 = nn.ConvTranspose2d(8, 1, 4, 2, 1)
        self.bn1 = nn.BatchNorm2d(32)
        self.bn2 = nn.BatchNorm2d(16)
        self.bn3 = nn.BatchNorm2d(8)

    def forward(self, z, labels=None):
        maps = torch.relu(self.bn1(self.fc(z).view(-1, 32, 4, 4)))
        maps = torch.relu(self.bn2(self.deconv1(maps)))
        return torch.tanh(self.deconv3(torch.relu(self.bn3(self.deconv2(maps)))))


class TwoWays(nn.Module):
    """Latent and one-hot class each through a layer of its own, then joined."""

    def __init__(self):
        super().__init__()
        self.z_dim, self.classes = 20, 10
        self.fc1_1 = nn.Linear(20, 32)
        self.fc1_1_bn = nn.BatchNorm1d(32)
        self.fc1_2 = nn.Linear(10, 32)
        self.fc1_2_bn = nn.BatchNorm1d(32)
        self.fc2 = nn.Linear(64, 64)
        self.fc2_bn = nn.BatchNorm1d(64)
        self.fc3 = nn.Linear(64, 28 * 28)

    def forward(self, z, labels):
        one_hot = nn.functional.one_hot(labels, 10).float()
        first = torch.relu(self.fc1_1_bn(self.fc1_1(z)))
        second = torch.relu(self.fc1_2_bn(self.fc1_2(one_hot)))
        joined = torch.relu(self.fc2_bn(self.fc2(torch.cat([first, second], 1))))
        return torch.tanh(self.fc3(joined)).view(-1, 1, 28, 28)


class OneHot(nn.Module):
    def __init__(self):
        super().__init__()
        self.z_dim, self.classes = 64, 10
        self.fc = nn.Sequential(nn.Linear(74, 96), nn.BatchNorm1d(96), nn.ReLU(), nn.Linear(96, 16 * 49),
                                nn.BatchNorm1d(16 * 49), nn.ReLU())  # fmt: skip
        self.deconv = nn.Sequential(nn.ConvTranspose2d(16, 8, 4, 2, 1), nn.BatchNorm2d(8), nn.ReLU(),
                                    nn.ConvTranspose2d(8, 1, 4, 2, 1), nn.Sigmoid())  # fmt: skip

    def forward(self, z, labels):
        values = self.fc(torch.cat([z, nn.functional.one_hot(labels, 10).float()], 1))
        return self.deconv(values.view(-1, 16, 7, 7))


def train_shortly(network, law="normal", seed=0):
    """Draw weights that make structured pictures, and let normalisations see batches."""
    random = torch.Generator().manual_seed(seed)
    for part in network.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight, a=0.2, generator=random)
            if part.bias is not None:
                nn.init.normal_(part.bias, 0.0, 0.1, generator=random)
        elif isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.normal_(part.weight, 1.0, 0.2, generator=random)
            nn.init.normal_(part.bias, 0.0, 0.3, generator=random)
        elif isinstance(part, nn.Embedding):
            nn.init.normal_(part.weight, generator=random)
    network.train()
    with torch.no_grad():
        for _ in range(60):
            network(draw(network, 64, law, random), labels_of(network, 64, random))
    return network.eval()


def draw(network, count, law, random):
    if law == "uniform_0_1":
        return torch.rand(count, network.z_dim, generator=random)
    if law == "uniform":
        return torch.rand(count, network.z_dim, generator=random) * 2 - 1
    return torch.randn(count, network.z_dim, generator=random)


def labels_of(network, count, random):
    return torch.randint(network.classes, (count,), generator=random) if network.classes else None


def without_names(state):
    """A state_dict without what torch attaches to it."""
    return OrderedDict(state.items())
