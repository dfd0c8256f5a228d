"""The alias-free generator as slow, plain formulas of the paper, in double precision: what ours is held against."""

import math

import numpy as np
import torch


def rectify(maps, layer):
    """Insert zeros, pad, filter, rectify, clamp, filter, drop: each step on its own, on `(C, H, W)`."""
    plan = layer.plan
    before, after = plan.padding
    fine = np.zeros((len(maps), maps.shape[1] * plan.up, maps.shape[2] * plan.up))
    fine[:, :: plan.up, :: plan.up] = maps
    fine = crop_or_pad(fine, before, after)
    if layer.up_filter is not None:
        taps = layer.up_filter.double().numpy()
        fine = convolve(fine, np.outer(taps, taps)) * plan.up**2
    fine = np.where(fine < 0, 0.2 * fine, fine) * math.sqrt(2.0)
    if plan.clamp:
        fine = np.clip(fine, -plan.clamp, plan.clamp)
    if layer.down_filter is not None:
        taps = layer.down_filter.double().numpy()
        fine = convolve(fine, taps if taps.ndim == 2 else np.outer(taps, taps))
    return fine[:, :: plan.down, :: plan.down]


def crop_or_pad(maps, before, after):
    """Add zeros around each map, or cut samples off where the numbers are negative."""
    low, high = max(before, 0), max(after, 0)
    padded = np.pad(maps, ((0, 0), (low, high), (low, high)))
    start, stop = max(-before, 0), padded.shape[1] - max(-after, 0)
    return padded[:, start:stop, start:stop]


def convolve(maps, kernel):
    """Convolve each map with a kernel wherever it fits whole."""
    flipped = kernel[::-1, ::-1]
    side = len(kernel)
    height, width = maps.shape[1] - side + 1, maps.shape[2] - side + 1
    result = np.zeros((len(maps), height, width))
    for row in range(side):
        for column in range(side):
            result += flipped[row, column] * maps[:, row : row + height, column : column + width]
    return result


def dense(values, layer, rate=1.0, rectifier=False):
    """A linear layer with scaled weights."""
    weight, bias = layer.weight.detach().double().numpy(), layer.bias.detach().double().numpy()
    result = values @ weight.T * rate / math.sqrt(weight.shape[1]) + bias * rate
    return np.where(result < 0, 0.2 * result, result) * math.sqrt(2.0) if rectifier else result


def normalise(values):
    return values / np.sqrt(np.square(values).mean() + 1e-8)


def synthesis_layer(maps, w, layer):
    """One layer on `(I, H, W)` for one w: every weight scaled by itself, then the rectifier."""
    plan = layer.plan
    styles = dense(w, layer.affine)
    weight = layer.weight.detach().double().numpy()
    if plan.makes_colours:
        weight = weight * styles[:, None, None] / math.sqrt(weight[0].size)
    else:
        weight = weight / np.sqrt(np.square(weight).mean(axis=(1, 2, 3), keepdims=True))
        weight = weight * (styles / np.sqrt(np.square(styles).mean()))[:, None, None]
        weight = weight / np.sqrt(np.square(weight).sum(axis=(1, 2, 3), keepdims=True) + 1e-8)
    weight = weight / math.sqrt(float(layer.magnitude_ema))
    side = plan.kernel
    padded = np.pad(maps, ((0, 0), (side - 1, side - 1), (side - 1, side - 1)))
    sums = torch.nn.functional.conv2d(torch.from_numpy(padded)[None], torch.from_numpy(weight))[0].numpy()
    sums = sums + layer.bias.detach().double().numpy()[:, None, None]
    if not plan.makes_colours:
        return rectify(sums, layer)
    return np.clip(sums, -plan.clamp, plan.clamp) if plan.clamp else sums


def fourier_features(w, layer):
    """Waves at every sample, one by one: sin 2π(f·R(x - t) + phase) under the person's transform."""
    cosine, sine, right, below = dense(w, layer.affine)
    length = math.hypot(cosine, sine)
    cosine, sine, right, below = cosine / length, sine / length, right / length, below / length
    turn = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    shift = np.array([[1, 0, -right], [0, 1, -below], [0, 0, 1]])
    matrix = turn @ shift @ layer.transform.double().numpy()
    freqs, phases = layer.freqs.double().numpy(), layer.phases.double().numpy()
    signal = layer.signal
    waves = np.zeros((signal.channels, signal.size, signal.size))
    for row in range(signal.size):
        for column in range(signal.size):
            place = np.array([column, row]) + 0.5 - signal.size / 2
            moved = matrix @ np.append(place / signal.rate, 1)
            waves[:, row, column] = np.sin(2 * np.pi * (freqs @ moved[:2] + phases))
    lengths = np.linalg.norm(freqs @ matrix[:2, :2], axis=1)
    fade = np.clip(1 - (lengths - signal.cutoff) / (signal.rate / 2 - signal.cutoff), 0, 1)
    weight = layer.weight.detach().double().numpy() / math.sqrt(signal.channels)
    return np.einsum("oc,chw->ohw", weight * fade, waves)


def mapping(z, vector, network):
    """z `(z_dim,)` and the class's vector, or None, to w."""
    values = normalise(z) if vector is None else np.concatenate([normalise(z), normalise(vector)])
    for layer in network.layers:
        values = dense(values, layer, layer.rate, rectifier=True)
    return values


def synthesis(w_plus, network):
    """w_plus `(num_ws, w_dim)` to one picture."""
    maps = fourier_features(w_plus[0], network.features)
    for w, layer in zip(w_plus[1:], network.layers, strict=True):
        maps = synthesis_layer(maps, w, layer)
    return maps * network.output_scale
