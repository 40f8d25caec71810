"""A sentence encoder as a plain function of arrays, traced once: (n, length) int64 -> (n, d) float32, unit length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.models.checkpoint import suppress_output


def sentence_tower(folder: Path, pad: int = 0) -> Any:
    """The encoder in a folder as a torch module of token numbers. Imports torch.

    The mean of the last layer over the tokens that are no padding, normalised, as sentence encoders are trained to be
    used (Reimers and Gurevych 2019). Weights are read from safetensors only: nothing in them can run.

    Raises:
        UserError: the weights cannot be loaded.
    """
    with suppress_output():
        import torch
        from transformers import BertModel

        try:
            bert: Any = BertModel.from_pretrained(
                str(folder),
                add_pooling_layer=False,
                attn_implementation="eager",
                local_files_only=True,
                use_safetensors=True,
            )
        except Exception as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise UserError(
                f"The weights in {folder} cannot be loaded ({first.rstrip('.')}).", "Please install them again."
            ) from error

    class SentenceTower(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert.float()

        def forward(self, tokens: Any) -> Any:
            mask = tokens.ne(pad).long()
            states = self.bert(input_ids=tokens, attention_mask=mask).last_hidden_state
            mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
            return torch.nn.functional.normalize(mean, dim=-1)

    return SentenceTower().eval().requires_grad_(False)
