"""`python -m sandbox.meter_photos OUT --count N --fault blurred`: photos of meters as files."""

from pathlib import Path
from typing import Annotated

import typer
from numpy.random import default_rng

from sandbox.meter_photos import PhotoFault, draw, some_meter

app = typer.Typer(add_completion=False)


@app.command()
def main(
    out: Annotated[Path, typer.Argument(help="folder to write to; made when it is missing")],
    count: Annotated[int, typer.Option(min=1, help="how many photos")] = 10,
    fault: Annotated[PhotoFault, typer.Option(help="what is wrong with them")] = PhotoFault.NONE,
    seed: Annotated[int, typer.Option(min=0, help="the same seed gives the same photos")] = 1,
    gps: Annotated[bool, typer.Option("--gps", help="with a position in the EXIF data")] = False,
) -> None:
    """Draw synthetic photos of water meters; a file's name says the reading."""
    out.mkdir(parents=True, exist_ok=True)
    ending = "bin" if fault is PhotoFault.NOT_IMAGE else "jpg"
    for number in range(count):
        rng = default_rng([seed, number])
        spec = some_meter(rng, fault, with_gps=gps)
        path = out / f"{fault.value}-{number:04d}-{spec.reading:05d}.{ending}"
        path.write_bytes(draw(spec, rng))
    typer.echo(f"{count} photos in {out}")


if __name__ == "__main__":
    app()
