"""A model is data: which entries of a checkpoint's files reach open_clip, timm and transformers, and with which values.

These libraries can be told by a configuration to run code that lies beside the weights, or to fetch models from the
network. So nothing of a checkpoint is handed to them as it is: configurations are read here, only known entries of
the right type and of a sensible size go on, and the libraries get a folder of our own with checked copies in it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_JSON_BYTES = 1 << 20
# Names in timm's own list of architectures, tag included; never "hf_hub:…" or "local-dir:…".
_TIMM_NAME = re.compile(r"[a-z0-9_]{1,80}(\.[a-z0-9_]{1,80})?")
_TOKENIZER_CLASS = re.compile(r"[A-Za-z0-9]{1,60}Tokenizer(Fast)?")
_TEXT_MODELS = ("roberta", "xlm-roberta", "mt5", "bert", "m2m_100")

Check = Callable[[Any], Any]
"""Returns the value, or raises ValueError."""


def _whole(most: int, least: int = 0) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError
        return value

    return check


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e6:
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _word(pattern: str = r"[a-z0-9_.-]{0,40}") -> Check:
    compiled = re.compile(pattern)

    def check(value: Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise ValueError
        return value

    return check


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise ValueError
    return value


def _optional(inner: Check) -> Check:
    return lambda value: None if value is None else inner(value)


def _one_or_list(inner: Check, longest: int) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, list):
            return inner(value)
        if not 0 < len(value) <= longest:
            raise ValueError
        return [inner(item) for item in value]

    return check


def _table(entries: Mapping[str, Check]) -> Check:
    def check(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError
        checked = {}
        for key, inner in value.items():
            if key not in entries:
                raise ValueError(str(key)[:60])
            try:
                checked[key] = entries[key](inner)
            except ValueError as error:
                raise ValueError(str(error) or key) from None
        return checked

    return check


def _pooling(value: Any) -> Any:
    return _flag(value) if isinstance(value, bool) else _word(r"parallel|cascade")(value)


_SIZE = _whole(65_536, 1)
_COUNT = _whole(1024)
_BLOCK = {
    "act_kwargs": _optional(_table({"approximate": _word(), "negative_slope": _number})),
    "norm_kwargs": _optional(_table({"eps": _number, "elementwise_affine": _flag, "bias": _flag})),
    "block_type": _optional(_word()),
    "final_ln_after_pool": _flag,
    "ls_init_value": _optional(_number),
    "mlp_ratio": _number,
    "output_tokens": _flag,
    "pool_type": _word(),
    "qk_norm": _flag,
    "scale_attn": _flag,
    "scale_attn_inner": _flag,
    "scale_fc": _flag,
    "scale_heads": _flag,
    "scaled_cosine_attn": _flag,
    "width": _SIZE,
}
_VISION = _table(
    {
        **_BLOCK,
        "attentional_pool": _pooling,
        "attn_pooler_heads": _COUNT,
        "attn_pooler_queries": _SIZE,
        "head_width": _SIZE,
        "image_size": _one_or_list(_whole(4096, 1), 2),
        "layers": _one_or_list(_whole(1024, 1), 4),
        "no_ln_pre": _flag,
        "patch_dropout": _number,
        "patch_size": _optional(_whole(1024, 1)),
        "pos_embed_type": _word(),
        "timm_drop": _number,
        "timm_drop_path": _optional(_number),
        "timm_model_name": _optional(_word(_TIMM_NAME.pattern)),
        "timm_model_pretrained": _flag,
        "timm_pool": _word(),
        "timm_proj": _optional(_word()),
        "timm_proj_bias": _flag,
    }
)
# The starter's own text tower, built here and not by open_clip.
_MULTILINGUAL = _table(
    {
        **dict.fromkeys(("channels", "heads", "hidden", "layers", "width"), _SIZE),
        **dict.fromkeys(("byte_pairs", "pieces"), _whole(10_000_000, 1)),
    }
)
_TEXT = _table(
    {
        **_BLOCK,
        "multilingual": _MULTILINGUAL,
        "context_length": _optional(_whole(8192, 1)),
        "embed_cls": _flag,
        "eos_id": _whole(10_000_000),
        "heads": _whole(1024, 1),
        "hf_model_name": _optional(_text),
        "hf_model_pretrained": _flag,
        "hf_pooler_type": _optional(_word()),
        "hf_proj_type": _optional(_word()),
        "hf_tokenizer_name": _optional(_text),
        "layers": _whole(1024, 1),
        "no_causal_mask": _flag,
        "pad_id": _whole(10_000_000),
        "proj_bias": _flag,
        "proj_type": _optional(_word()),
        "tokenizer_kwargs": _optional(
            _table(
                {
                    "clean": _word(r"lower|whitespace|canonicalize"),
                    "strip_sep_token": _flag,
                    "language": _optional(_word(r"[A-Za-z_]{0,20}")),
                }
            )
        ),
        "tokenizer_mode": _optional(_word()),
        "vocab_size": _whole(10_000_000, 1),
    }
)
_DECODER = _table({**dict.fromkeys(("context_length", "dim_head", "heads", "layers", "n_queries", "width"), _SIZE),
                   "attn_pooler_heads": _COUNT, "mlp_ratio": _number, "vocab_size": _whole(10_000_000, 1)})  # fmt: skip
_MODEL = _table(
    {
        "embed_dim": _SIZE,
        "vision_cfg": _VISION,
        "text_cfg": _TEXT,
        "multimodal_cfg": _optional(_DECODER),
        "custom_text": _flag,
        "quick_gelu": _flag,
        "init_logit_scale": _optional(_number),
        "init_logit_bias": _optional(_number),
        "nonscalar_logit_scale": _flag,
    }
)
_PREPROCESS = {
    "fill_color": _optional(_one_or_list(_whole(255), 4)),
    "interpolation": _optional(_word()),
    "mean": _optional(_one_or_list(_number, 3)),
    "mode": _optional(_word(r"[A-Za-z]{1,8}")),
    "resize_mode": _optional(_word(r"shortest|longest|squash")),
    "size": _optional(_one_or_list(_whole(4096, 1), 2)),
    "std": _optional(_one_or_list(_number, 3)),
}
_NAMED_TOKEN = _text
_TOKENIZER = {
    "add_bos_token": _flag,
    "add_eos_token": _flag,
    "add_prefix_space": _flag,
    "bos_token": _NAMED_TOKEN,
    "cls_token": _NAMED_TOKEN,
    "do_lower_case": _flag,
    "eos_token": _NAMED_TOKEN,
    "mask_token": _NAMED_TOKEN,
    "pad_token": _NAMED_TOKEN,
    "padding_side": _word(r"left|right"),
    "sep_token": _NAMED_TOKEN,
    "tokenizer_class": _word(_TOKENIZER_CLASS.pattern),
    "unk_token": _NAMED_TOKEN,
}
_TEXT_TOWER_NUMBERS = (
    "attention_dropout", "attention_probs_dropout_prob", "d_ff", "d_kv", "d_model", "decoder_attention_heads",
    "decoder_ffn_dim", "decoder_layers", "dropout", "dropout_rate", "encoder_attention_heads", "encoder_ffn_dim",
    "encoder_layers", "hidden_dropout_prob", "hidden_size", "init_std", "initializer_factor", "initializer_range",
    "intermediate_size", "layer_norm_eps", "layer_norm_epsilon", "max_position_embeddings", "num_attention_heads",
    "num_decoder_layers", "num_heads", "num_hidden_layers", "num_layers", "relative_attention_max_distance",
    "relative_attention_num_buckets", "type_vocab_size", "activation_dropout", "encoder_layerdrop",
)  # fmt: skip
_TEXT_TOWER = {
    **dict.fromkeys(_TEXT_TOWER_NUMBERS, _number),
    **dict.fromkeys(("bos_token_id", "eos_token_id", "pad_token_id", "vocab_size"), _whole(10_000_000)),
    **dict.fromkeys(("hidden_act", "activation_function", "feed_forward_proj", "position_embedding_type"), _word()),
    **dict.fromkeys(("scale_embedding", "tie_word_embeddings", "is_encoder_decoder"), _flag),
    "model_type": _word("|".join(_TEXT_MODELS)),
}


def read_json(file: Path) -> Any:
    """A configuration file.

    Raises:
        OSError: it cannot be read. ValueError: it is not JSON, or larger than any configuration.
    """
    with file.open("rb") as stream:
        data = stream.read(_JSON_BYTES + 1)
    if len(data) > _JSON_BYTES:
        raise ValueError("too large for a configuration")
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def checked_model_config(config: Any) -> dict[str, Any]:
    """`model_cfg` of an `open_clip_config.json`: the architecture.

    Raises:
        ValueError: it has an entry that is not known, lacks one, or has a value that no model has; the entry's name.
    """
    if not isinstance(config, dict):
        raise ValueError("model_cfg")
    model: dict[str, Any] = _MODEL(config.get("model_cfg"))
    for key in ("embed_dim", "vision_cfg", "text_cfg"):
        if key not in model:
            raise ValueError(key)
    return model


def checked_preprocess(config: Any) -> dict[str, Any]:
    """`preprocess_cfg` of an `open_clip_config.json`; what is not understood is left out."""
    return _known(config.get("preprocess_cfg"), _PREPROCESS)


def _known(facts: Any, entries: Mapping[str, Check]) -> dict[str, Any]:
    """The known entries with sensible values; others are left out."""
    checked = {}
    for key, inner in entries.items() if isinstance(facts, dict) else ():
        if key in facts:
            try:
                checked[key] = inner(facts[key])
            except (ValueError, TypeError):
                continue
    return checked


def checked_tokenizer_config(facts: Any) -> dict[str, Any]:
    """`tokenizer_config.json` without what names code: only special tokens, sides, and a class of transformers' own."""
    if not isinstance(facts, dict):
        return {}
    # Special tokens may be written as tables.
    plain = {key: value.get("content") if isinstance(value, dict) else value for key, value in facts.items()}
    return _known(plain, _TOKENIZER)


def checked_text_tower(facts: Any) -> dict[str, Any]:
    """The `config.json` of a Hugging Face text tower: numbers and names, of architectures that open_clip can use.

    Raises:
        ValueError: it is of another architecture.
    """
    checked = _known(facts, _TEXT_TOWER)
    if "model_type" not in checked:
        raise ValueError("model_type")
    return checked
