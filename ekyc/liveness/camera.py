"""All frames of a challenge are of one camera: of one width and one height."""

from __future__ import annotations

from ekyc.liveness.progress import Observation, Progress


def other_camera(progress: Progress, seen: Observation) -> bool:
    """Is this frame of another size than those before? Frames of two sources give themselves away so."""
    return progress.picture not in ((0, 0), seen.picture)
