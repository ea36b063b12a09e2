"""Finds faces with dlib: HOG, then HOG on a doubled picture, then the slow network; 68 landmarks each."""

from __future__ import annotations

import importlib.util
import queue
import threading
from pathlib import Path
from typing import Any

import cv2
import dlib
import numpy as np

from ekyc.ports import Face, Image

_LONG_SIDE = 640  # detection in a photo; HOG finds 99.45 % of press portraits at this size
_NEAR_SIDE = 320  # detection in a camera frame: faces from a quarter of the picture's height
_CNN_SIDE = 320  # the slow detector sees what HOG missed


class DlibDetector:
    """Safe to share between threads.

    A HOG detector keeps scratch memory and takes 0.3 s to make, so idle ones are kept for the next call;
    the slow detector is behind a lock.
    """

    def __init__(self) -> None:
        self._landmarks = dlib.shape_predictor(model_path("shape_predictor_68_face_landmarks.dat"))
        self._cnn: Any = None
        self._lock = threading.Lock()
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()

    def detect(self, image: Image) -> list[Face]:
        """Faces in an RGB photo, biggest first. HOG, then HOG on a doubled picture, then the CNN."""
        small, scale = _shrink(image, _LONG_SIDE)
        boxes = self._hog(small, 0) or self._hog(small, 1)
        if not boxes:
            small, scale = _shrink(image, _CNN_SIDE)
            boxes = self._slow(small)
        return self._faces(image, boxes, scale)

    def detect_near(self, image: Image) -> list[Face]:
        """Faces in an RGB camera frame, biggest first: only near ones, in a few milliseconds."""
        small, scale = _shrink(image, _NEAR_SIDE)
        return self._faces(image, self._hog(small, 0), scale)

    def _hog(self, image: Image, upsample: int) -> list[Any]:
        try:
            detector = self._idle.get_nowait()
        except queue.Empty:
            detector = dlib.get_frontal_face_detector()
        try:
            return list(detector(image, upsample))
        finally:
            self._idle.put(detector)

    def _slow(self, image: Image) -> list[Any]:
        with self._lock:
            if self._cnn is None:
                self._cnn = dlib.cnn_face_detection_model_v1(model_path("mmod_human_face_detector.dat"))
            return [found.rect for found in self._cnn(image, 0)]

    def _faces(self, image: Image, boxes: list[Any], scale: float) -> list[Face]:
        faces = [self._face(image, box, scale) for box in boxes]
        return sorted(faces, key=lambda face: face.height, reverse=True)

    def _face(self, image: Image, box: Any, scale: float) -> Face:
        edges = [round(edge / scale) for edge in (box.left(), box.top(), box.right(), box.bottom())]
        shape = self._landmarks(image, dlib.rectangle(*edges))
        points = np.array([(point.x, point.y) for point in shape.parts()], dtype=np.float64)
        return Face(edges[0], edges[1], edges[2], edges[3], points)


def model_path(file: str) -> str:
    """A file of the package ``face_recognition_models``."""
    # the package is data; importing it would need pkg_resources, which setuptools is dropping
    spec = importlib.util.find_spec("face_recognition_models")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return str(Path(spec.submodule_search_locations[0]) / "models" / file)


def _shrink(image: Image, long_side: int) -> tuple[Image, float]:
    """The picture with its longer side at most ``long_side`` pixels, and the scale used."""
    scale = min(1.0, long_side / max(image.shape[:2]))
    if scale == 1.0:
        return np.ascontiguousarray(image), 1.0
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), scale
