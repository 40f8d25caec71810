"""Small open_clip checkpoints with fixed random weights, made on the fly: the same files a download leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TINY_VIT: dict[str, Any] = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "patch_size": 16, "head_width": 16},
    "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
}
TINY_RESNET: dict[str, Any] = {
    **TINY_VIT,
    "vision_cfg": {"image_size": 64, "layers": [1, 1, 1, 1], "width": 16, "patch_size": None},
}
TINY_TIMM: dict[str, Any] = {
    **TINY_VIT,
    "vision_cfg": {
        "image_size": 64,
        "timm_model_name": "mobilenetv2_035",
        "timm_model_pretrained": False,
        "timm_pool": "",
        "timm_proj": "linear",
    },
}
TINY_SIGLIP: dict[str, Any] = {
    "embed_dim": 192,
    "init_logit_bias": -10,
    "custom_text": True,
    "vision_cfg": {
        "image_size": 224,
        "timm_model_name": "vit_tiny_patch16_224",
        "timm_model_pretrained": False,
        "timm_pool": "map",
        "timm_proj": "none",
    },
    "text_cfg": {
        "context_length": 16,
        "vocab_size": 49408,
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 192,
        "heads": 3,
        "layers": 2,
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
        "norm_kwargs": {"eps": 1e-6},
        "act_kwargs": {"approximate": "tanh"},
    },
}
VIT_B_32_256: dict[str, Any] = {
    "embed_dim": 512,
    "vision_cfg": {"image_size": 256, "layers": 12, "width": 768, "patch_size": 32},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 512, "heads": 8, "layers": 12},
}


TINY_XLM: dict[str, Any] = {
    **TINY_VIT,
    "text_cfg": {
        "hf_model_name": "xlm-roberta-base",
        "hf_tokenizer_name": "xlm-roberta-base",
        "hf_pooler_type": "mean_pooler",
        "hf_proj_type": "mlp",
        "context_length": 16,
    },
}


def make_checkpoint(folder: Path, model_config: dict[str, Any], *, seed: int = 0, **preprocess: Any) -> Path:
    """Write `open_clip_config.json` and `open_clip_model.safetensors`; the folder."""
    from app.models.checkpoint import suppress_output

    with suppress_output():
        import open_clip
        import torch
        from safetensors.torch import save_file

        folder.mkdir(parents=True, exist_ok=True)
        config = {"model_cfg": model_config, "preprocess_cfg": {"mode": "RGB", **preprocess}}
        (folder / "open_clip_config.json").write_text(json.dumps(config))
        torch.manual_seed(seed)
        model = open_clip.create_model(f"local-dir:{folder}", load_weights=False, pretrained_text=False)
        state = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
        save_file(state, folder / "open_clip_model.safetensors")
    return folder


def make_text_tower(folder: Path) -> Path:
    """A checkpoint whose text tower is a Hugging Face model (XLM-R, tiny), with its own small vocabulary.

    For open_clip itself to load it without a network, the configuration names the folder with the text tower.
    """
    from app.models.checkpoint import suppress_output

    tower = folder / "text_tower"
    tower.mkdir(parents=True)
    vocabulary = make_unigram_tokenizer(folder)
    with suppress_output():
        from transformers import XLMRobertaConfig

        XLMRobertaConfig(
            vocab_size=vocabulary,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=40,
            pad_token_id=0,
        ).save_pretrained(tower)
    text = {**TINY_XLM["text_cfg"], "hf_model_name": str(tower)}
    return make_checkpoint(folder, {**TINY_XLM, "text_cfg": text})


def make_unigram_tokenizer(folder: Path) -> int:
    """Write a small Hugging Face tokenizer with an end token, padded on the right; its vocabulary's size."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    from app.models.tokenizer.export import PROBE_TEXTS

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=300, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator([*PROBE_TEXTS, "the dog runs on the beach in the evening " * 20], trainer)
    end = tokenizer.token_to_id("</s>")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", end)])
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    options = {"tokenizer_class": "PreTrainedTokenizerFast", "padding_side": "right", **names}
    (folder / "tokenizer_config.json").write_text(json.dumps(options))
    return int(tokenizer.get_vocab_size())
