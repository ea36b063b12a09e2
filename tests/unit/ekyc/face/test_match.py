"""Comparing faces, on the rendered sample citizens."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image as PilImage

from ekyc.errors import EkycError
from ekyc.face.dlib_engine import DlibEngine, dlib_engine
from ekyc.face.match import embed_photo, match, only_face, template, template_distance
from ekyc.image import decode, encode_jpeg
from ekyc.policy import FacePolicy
from tests.ekyc_samples import citizen


@pytest.fixture(scope="module")
def engine() -> DlibEngine:
    return dlib_engine()


def side_by_side(*photos: bytes, heights: tuple[int, ...]) -> bytes:
    pictures = [PilImage.open(io.BytesIO(photo)) for photo in photos]
    scaled = [p.resize((p.width * h // p.height, h)) for p, h in zip(pictures, heights, strict=True)]
    sheet = PilImage.new("RGB", (sum(p.width for p in scaled), max(heights)), "grey")
    left = 0
    for picture in scaled:
        sheet.paste(picture, (left, 0))
        left += picture.width
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=90)
    return out.getvalue()


def code_of(a: bytes, b: bytes, engine: DlibEngine) -> str:
    with pytest.raises(EkycError) as refused:
        match(a, b, engine)
    return refused.value.code


def test_portrait_and_selfie_of_one_person_match(engine: DlibEngine) -> None:
    found = match(citizen("09").portrait(), citizen("09").selfie(), engine)
    assert found.same_person
    assert found.distance < 0.3
    assert (found.engine, found.threshold) == (engine.name, round(FacePolicy().limits.single_shot, 4))


def test_the_selfie_of_someone_else_does_not(engine: DlibEngine) -> None:
    found = match(citizen("09").portrait(), citizen("02").selfie(), engine)
    assert not found.same_person
    assert found.distance > found.threshold


def test_the_order_of_the_photos_does_not_matter(engine: DlibEngine) -> None:
    a, b = citizen("04").portrait(), citizen("06").selfie()
    assert match(a, b, engine).distance == pytest.approx(match(b, a, engine).distance)


def test_a_photo_without_a_face(engine: DlibEngine) -> None:
    wall = encode_jpeg(np.full((480, 480, 3), 180, dtype=np.uint8))
    assert code_of(wall, citizen("01").selfie(), engine) == "face_not_found"


def test_two_people_in_one_photo(engine: DlibEngine) -> None:
    both = side_by_side(citizen("01").portrait(), citizen("02").portrait(), heights=(700, 700))
    assert code_of(citizen("01").selfie(), both, engine) == "face_several"


def test_a_small_bystander_is_overlooked(engine: DlibEngine) -> None:
    both = side_by_side(citizen("01").portrait(), citizen("02").portrait(), heights=(800, 250))
    assert match(citizen("01").selfie(), both, engine).same_person


def test_a_face_too_far_away(engine: DlibEngine) -> None:
    far = PilImage.new("RGB", (640, 640), "grey")
    far.paste(PilImage.open(io.BytesIO(citizen("05").portrait())).resize((90, 120)), (270, 300))
    out = io.BytesIO()
    far.save(out, "JPEG", quality=95)
    assert code_of(out.getvalue(), citizen("05").selfie(), engine) == "face_too_small"


def test_only_face_takes_none_for_an_answer() -> None:
    with pytest.raises(EkycError, match="face_not_found"):
        only_face([])


def test_templates_tell_the_lookalike_less_well_than_a_stranger(engine: DlibEngine) -> None:
    """03 and 13 are made to be alike: that pair belongs to an officer."""
    policy = FacePolicy()
    frames = [decode(frame) for frame in citizen("13").frames("neutral")]
    probe = template([engine.embed(image, engine.detect_near(image)[0]) for image in frames])
    own = embed_photo(citizen("13").portrait(), engine)
    lookalike = embed_photo(citizen("03").portrait(), engine)
    stranger = embed_photo(citizen("08").portrait(), engine)
    assert template_distance(probe, [own], engine) <= policy.limits.accept_one_reference
    between = template_distance(probe, [lookalike, lookalike], engine)
    assert policy.limits.accept_two_references < between <= policy.limits.review_up_to
    assert template_distance(probe, [stranger], engine) > policy.limits.review_up_to


def test_threads_share_the_engine(engine: DlibEngine) -> None:
    photos = [citizen(i).selfie() for i in ("01", "02", "03", "04")]
    alone = [embed_photo(photo, engine) for photo in photos]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda photo: embed_photo(photo, engine), photos))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
