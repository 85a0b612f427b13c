"""Makes the alarm sounds in ``resources/sounds``: run it again after changing a number here.

Each severity has a melody of its own, told apart by rhythm as well as by pitch, so that it is
recognised on a bad loudspeaker and by ears that hear no high tones.
"""

import array
import math
import sys
import wave
from pathlib import Path

RATE = 22_050
# Loudspeakers of laptops carry little below 500 Hz, and hearing loss begins above 2 kHz.
SOUNDS: dict[str, list[tuple[float, float]]] = {
    # (frequency in Hz, 0 for silence; seconds)
    "critical": [(988, 0.11), (0, 0.04), (740, 0.11), (0, 0.04)] * 3,
    "high": [(784, 0.16), (0, 0.07), (784, 0.16), (0, 0.05)],
    "warning": [(659, 0.14), (523, 0.24)],
}
# Every tone swells and fades, or it clicks.
EDGE_S = 0.012
PEAK = 0.8 * 32_767


def tone(frequency: float, seconds: float) -> list[int]:
    """One tone with two overtones, which make it audible through noise."""
    count = round(RATE * seconds)
    samples = []
    for place in range(count):
        turn = 2 * math.pi * frequency * place / RATE
        level = math.sin(turn) + 0.35 * math.sin(2 * turn) + 0.15 * math.sin(3 * turn)
        edge = min(place, count - 1 - place) / (RATE * EDGE_S)
        samples.append(round(PEAK * level / 1.5 * min(1.0, edge)))
    return samples


def make(folder: Path) -> list[Path]:
    """Write all sounds; the same numbers give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, melody in SOUNDS.items():
        samples = array.array("h", (s for note in melody for s in tone(*note)))
        if sys.byteorder == "big":
            samples.byteswap()
        path = folder / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
        made.append(path)
    return made


if __name__ == "__main__":
    make(Path(__file__).resolve().parents[1] / "resources" / "sounds")
