"""``redactor model``: train, export and describe the embedded model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from redactor.errors import StateError

app = typer.Typer(no_args_is_help=True)


@app.command()
def train(
    out: Annotated[Path, typer.Argument(help="Folder to make, a Hugging Face directory.")],
    data: Annotated[Path, typer.Option("--data", help="Folder with *.train.jsonl files.")],
    encoder: Annotated[Path, typer.Option("--encoder", help="Hugging Face directory (MiniLM).")],
    epochs: Annotated[float, typer.Option("--epochs", min=0.0, help="Passes.")] = 1.5,
    generated: Annotated[int, typer.Option("--generated", min=0, help="Made-up texts.")] = 10000,
    seed: Annotated[int, typer.Option("--seed", help="Of everything drawn.")] = 0,
    threads: Annotated[int, typer.Option("--threads", min=1, help="CPU threads.")] = 2,
) -> None:
    """Train a model on gold and generated text (needs the `train` extra).

    A line of the data is {"text": ..., "spans": [[start, end, "PERSON"], ...]}, offsets in
    code points.

    redactor model train model/ --data ner/ --encoder minilm/
    """
    from redactor.quality.train import Recipe
    from redactor.quality.train import train as run

    recipe = Recipe(seed=seed, epochs=epochs, generated=generated, threads=threads)
    run(data, encoder, out, recipe, typer.echo)


@app.command()
def export(
    source: Annotated[Path, typer.Argument(help="What `model train` wrote.")],
    out: Annotated[Path, typer.Argument(help="Folder to write.")],
    name: Annotated[str, typer.Option("--name", help="Name in the manifest.")] = "custom",
    version: Annotated[str, typer.Option("--version", help="Version in the manifest.")] = "1",
    licence: Annotated[str, typer.Option("--licence", help="Licence of the weights.")] = "",
) -> None:
    """Quantize to int8 ONNX, with tokenizer and a manifest of hashes.

    redactor model export model/ model-onnx/ --name mine
    """
    from redactor.quality.export import export as run

    facts: dict[str, Any] = {"name": name, "version": version, "licence": licence}
    training = source / "training.json"
    if training.is_file():
        facts["training"] = json.loads(training.read_text("utf-8"))
    run(source, out, facts)
    typer.echo(f"written: {name} {version}")


@app.command()
def info(
    model: Annotated[Path | None, typer.Argument(help="Exported model; the embedded one.")] = None,
) -> None:
    """Describe a model and check its files against the manifest.

    redactor model info
    """
    import hashlib

    from redactor.detection.ner.load import embedded_folder

    folder = model or embedded_folder()
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        files = {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() == wanted
            for name, wanted in manifest["files"].items()
        }
    except (OSError, ValueError, KeyError) as error:
        raise StateError(f"not an exported model ({type(error).__name__})") from None
    for key in ("name", "version", "licence"):
        typer.echo(f"{key}: {manifest.get(key, '')}")
    typer.echo(f"training: {json.dumps(manifest.get('training', {}).get('recipe', {}))}")
    size = sum((folder / name).stat().st_size for name in files)
    typer.echo(f"size: {size / 1e6:.1f} MB")
    for name, holds in files.items():
        typer.echo(f"{name}: {'as in the manifest' if holds else 'CHANGED'}")
    if not all(files.values()):
        raise StateError("the model is not what its manifest says: reinstall it")
