"""Weights of networks that are no generator of ours, known by the names of their tensors or their class."""

import re
from collections.abc import Mapping
from typing import Any, Final

from ganstudio.checkpoints.archives.torch_archive import TORCHSCRIPT
from ganstudio.checkpoints.tree import Record, TensorData

_NO_GAN: Final = "open a GAN's generator; this program is for GANs only"
_NAMES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (r"(^|\.)(lora_(A|B|up|down|unet|te)|hada_w1)|\.lora\.", "a LoRA of a diffusion or language model"),
        (r"(^|\.)control_model\.|^controlnet_", "a ControlNet of a diffusion model"),
        (r"(^|\.)model\.diffusion_model\.", "a diffusion model (Stable Diffusion)"),
        (r"(^|\.)(double_blocks|single_blocks|joint_blocks|transformer_blocks)\.\d", "a diffusion transformer"),
        (r"(^|\.)(down_blocks|mid_block|up_blocks)\.\d.*(resnets|attentions)", "a diffusion model's U-Net"),
        (r"(^|\.)(input_blocks|output_blocks)\.\d+\.\d", "a diffusion model's U-Net"),
        (r"string_to_param|emb_params", "an embedding for a diffusion model (textual inversion)"),
        (r"(^|\.)first_stage_model\.|(^|\.)(en|de)coder\.mid\.attn_1", "an autoencoder of a diffusion model"),
        (r"(^|\.)(lm_head|embed_tokens|wte|word_embeddings)\.", "a language model"),
        (r"(^|\.)(transformer\.h|model\.layers|encoder\.layer)\.\d", "a language model"),
        (r"(^|\.)(text_model|text_projection|visual\.transformer|logit_scale)", "a CLIP model"),
        (r"(^|\.)layer4\.\d.*conv\d\.weight", "a ResNet, which classifies pictures"),
        (r"(^|\.)(features|classifier)\.\d+\.weight", "a network that classifies pictures"),
    )
)  # fmt: skip


def name_other_model(tensors: Mapping[str, TensorData]) -> tuple[str, str] | None:
    """Say what model of another kind weights are, in one clause, and the remedy; None where no name tells."""
    for pattern, what in _NAMES:
        if any(pattern.search(name) for name in tensors):
            return f"it is {what}, not a GAN", _NO_GAN
    return None


def name_weights(tree: Any, tensors: Mapping[str, TensorData]) -> tuple[str, str]:
    """Say what weights of no known network are, in one clause, and the remedy."""
    if isinstance(tree, Record):
        return _name_record(tree)
    if isinstance(tree, TensorData):
        shape = " x ".join(map(str, tree.shape)) or "1"
        return (
            f"it holds one array of {shape} numbers and no network",
            "open it as latents (--as direction)",
        )
    if not tensors:
        keys = ", ".join(str(key) for key in list(tree)[:3]) if isinstance(tree, dict) else type(tree).__name__
        return f"there are no weights in it (it holds: {keys[:80] or 'nothing'})", "open a generator's checkpoint"
    if isinstance(tree, dict) and "param_groups" in tree:
        return "it is the state of an optimiser, without a network", "open the generator's file of the same run"
    names = ", ".join(list(tensors)[:3])
    return f"its weights are of no known network (tensors: {names[:80]})", "open a generator's checkpoint"


def _name_record(tree: Record) -> tuple[str, str]:
    if tree.class_name == TORCHSCRIPT:
        code = (tree.state or {}).get("code") or {}
        if not any(isinstance(text, str) and "def " in text for text in code.values()):
            return "it is an archive of the C++ library of torch, without a network's description", (
                "save the state_dict from Python"
            )
        return (
            "it is a TorchScript program, which is never run",
            "open the state_dict of the same network",
        )
    return f"it is a whole pickled object of the class {tree.class_name[:100]}, which is no network known here", (
        "load it where its program is and save its state_dict"
    )
