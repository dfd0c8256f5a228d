"""The StyleGAN family written out plainly and slowly in float64, to measure the real one against."""

import math

import torch


def correlate(maps, weight, border):
    """Sum over the kernel's places, one by one: maps (I, H, W), weight (O, I, k, k)."""
    size = weight.shape[-1]
    padded = torch.nn.functional.pad(maps, (border,) * 4)
    height, width = padded.shape[1] - size + 1, padded.shape[2] - size + 1
    result = torch.zeros(len(weight), height, width, dtype=torch.float64)
    for row in range(size):
        for column in range(size):
            part = padded[:, row : row + height, column : column + width]
            result += torch.einsum("oi,ihw->ohw", weight[:, :, row, column], part)
    return result


def filter_each(maps, kernel, before, after):
    """Convolve each map with the kernel (that is, with the kernel reversed)."""
    padded = torch.nn.functional.pad(maps, (before, after, before, after))
    return torch.stack([correlate(m[None], kernel.flip(0, 1)[None, None], 0)[0] for m in padded])


def insert_zeros(maps):
    larger = torch.zeros(len(maps), 2 * maps.shape[1], 2 * maps.shape[2], dtype=torch.float64)
    larger[:, ::2, ::2] = maps
    return larger


def upsample(maps, kernel):
    taps = len(kernel)
    return filter_each(insert_zeros(maps), kernel * 4, (taps + 1) // 2, (taps - 2) // 2)


def convolve_up(maps, weight, kernel):
    """Zeros between the pixels, the true convolution with the weight, then the filter."""
    taps = len(kernel)
    larger = correlate(insert_zeros(maps), weight.flip(2, 3), 2)[:, :-1, :-1]  # the last zeros count for nothing
    return filter_each(larger, kernel * 4, (taps + 1) // 2 - 1, (taps - 2) // 2)


def downsample(maps, kernel):
    taps = len(kernel)
    return filter_each(maps, kernel, (taps - 1) // 2, (taps - 2) // 2)[:, ::2, ::2]


def normalise(x):
    return x / (x.square().mean() + 1e-8).sqrt()


def lrelu(x):
    return torch.where(x > 0, x, 0.2 * x) * math.sqrt(2)


def dense(state, name, x, rate=1.0):
    weight = state[f"{name}.weight"]
    return weight @ x * (rate / math.sqrt(weight.shape[1])) + state[f"{name}.bias"] * rate


def map_z(state, config, z, label):
    x = normalise(z)
    if config.num_classes:
        vector = state["mapping.label.weight"][:, label] / math.sqrt(config.num_classes)
        x = torch.cat([x, normalise(vector + state["mapping.label.bias"])])
    for index in range(len(config.mapping_widths)):
        x = lrelu(dense(state, f"mapping.layers.{index}", x, config.mapping_rate))
    return x


def synthesise(state, config, w_plus, noise=True):
    """w_plus (num_ws, w_dim) to a picture (channels, H, W)."""
    kernel = state["synthesis.filter"]
    maps, image, architecture = state["synthesis.constant"], None, config.architecture
    last = 2 * len(config.widths) - 2
    for layer in range(last + 1):
        ends = layer % 2 == 0
        if layer % 2 == 1:
            block_input = maps
        gain = math.sqrt(0.5) if architecture == "resnet" and ends and layer else 1.0
        maps = styled(state, config, layer, maps, w_plus[layer], noise) * gain
        if config.clamp:
            maps = maps.clamp(-config.clamp * gain, config.clamp * gain)
        if not ends:
            continue
        if architecture == "resnet" and layer:
            weight = state[f"synthesis.shortcuts.{layer // 2 - 1}.weight"]
            beside = correlate(upsample(block_input, kernel), weight / math.sqrt(weight.shape[1]), 0)
            maps = maps + beside * math.sqrt(0.5)
        if architecture == "skip" or layer == last:
            index = layer // 2 if architecture == "skip" else 0
            image = colours(state, config, index, maps, w_plus[layer + 1]) + (
                0 if image is None else upsample(image, kernel)
            )
    return image


def styled(state, config, layer, maps, w, noise):
    name = f"synthesis.layers.{layer}"
    weight = state[f"{name}.weight"] * dense(state, f"{name}.style", w)[None, :, None, None]
    count = weight[0].numel() if config.scaled_demodulation else 1
    weight = weight / (weight.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8 * count).sqrt()
    maps = convolve_up(maps, weight, state["synthesis.filter"]) if layer % 2 else correlate(maps, weight, 1)
    if noise and config.has_noise:
        maps = maps + state[f"{name}.noise"] * state[f"{name}.noise_strength"]
    return lrelu(maps + state[f"{name}.bias"][:, None, None])


def colours(state, config, index, maps, w):
    name = f"synthesis.colours.{index}"
    weight = state[f"{name}.weight"]
    styles = dense(state, f"{name}.style", w) / math.sqrt(weight.shape[1])
    result = correlate(maps, weight * styles[None, :, None, None], 0) + state[f"{name}.bias"][:, None, None]
    return result.clamp(-config.clamp, config.clamp) if config.clamp else result


def map_z_joined(state, config, z, label):
    """The mapping of the first StyleGAN: z and the class's vector are normalised as one."""
    x = z
    if config.num_classes:
        x = torch.cat([x, state["mapping.label.weight"][:, label]])
    x = normalise(x) if config.normalise_z else x
    for index in range(len(config.mapping_widths)):
        x = lrelu(dense(state, f"mapping.layers.{index}", x, config.mapping_rate))
    return x


def synthesise_with_instance_norm(state, config, w_plus, noise=True):
    """The synthesis of the first StyleGAN: w_plus (num_ws, w_dim) to a picture (channels, H, W)."""
    kernel, maps = state["synthesis.filter"], state["synthesis.constant"]
    taps = len(kernel)
    for layer in range(2 * len(config.widths)):
        name = f"synthesis.layers.{layer}"
        if layer:
            weight = state[f"{name}.weight"]
            weight = weight * math.sqrt(2 / weight[0].numel())
            if layer % 2 == 0:
                maps = maps.repeat_interleave(2, 1).repeat_interleave(2, 2)
            maps = correlate(maps, weight, 1)
            if layer % 2 == 0 and config.bias_before_filter:
                maps = maps + state[f"{name}.bias"][:, None, None]
            if layer % 2 == 0:
                maps = filter_each(maps, kernel, (taps - 1) // 2, taps // 2)
        if noise and config.has_noise:
            maps = maps + state[f"{name}.noise"] * state[f"{name}.noise_strength"][:, None, None]
        if layer % 2 or layer == 0 or not config.bias_before_filter:
            maps = maps + state[f"{name}.bias"][:, None, None]
        maps = torch.where(maps > 0, maps, 0.2 * maps)
        maps = maps - maps.mean(dim=(1, 2), keepdim=True)
        maps = maps / (maps.square().mean(dim=(1, 2), keepdim=True) + config.epsilon).sqrt()
        scale, shift = (dense(state, f"{name}.{part}", w_plus[layer]) for part in ("scale", "shift"))
        maps = maps * scale[:, None, None] + shift[:, None, None]
    weight = state["synthesis.colours.weight"]
    return correlate(maps, weight / math.sqrt(weight.shape[1]), 0) + state["synthesis.colours.bias"][:, None, None]
