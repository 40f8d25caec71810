"""Runs the benchmarks that need no data from outside, one process each; every one prints ratios within its own run."""

from __future__ import annotations

import subprocess
import sys

ALONE = ("bench_decode", "bench_encoder", "bench_rescan", "bench_indexing", "bench_search_scale", "bench_warm_search",
         "bench_tag_scores", "bench_window", "bench_start", "bench_memory", "bench_documents")  # fmt: skip


def main() -> int:
    failed = []
    for name in ALONE:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print("\nnot finished: " + ", ".join(failed))
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
