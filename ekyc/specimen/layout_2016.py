"""Căn cước công dân with barcode, printed 2016 to January 2021 (Luật Căn cước công dân 59/2014/QH13).

Vietnamese only; no QR, no chip, no machine readable zone. Portrait and emblem as on later cards; every
position is an estimate. What the barcode holds was never published: the specimen's only looks like one.
"""

from __future__ import annotations

from ekyc.specimen.layout import Colour, Label, Layout, Slot

INK: Colour = (18, 18, 22)
BLUE: Colour = (22, 56, 108)
RED: Colour = (192, 26, 34)
PALETTE: tuple[Colour, ...] = (
    (186, 222, 226),
    (214, 234, 222),
    (244, 238, 204),
    (214, 234, 222),
    (180, 218, 226),
)


def _label(text: str, x: float, y: float, width: float, size: float = 2.5) -> Label:
    return Label(text, x, y, size, "arimo", BLUE, width)


FRONT = Layout(
    palette=PALETTE,
    motif="drum_and_map",
    emblem=(5.0, 3.2, 17.0, 15.2),
    portrait=(4.4, 17.6, 24.4, 47.6),
    specimen=(81.4, 20.0, 85.0, 52.0),
    labels=(
        Label("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 52.0, 5.4, 2.9, "arimo_bold", BLUE, 62, "middle"),
        Label("Độc lập - Tự do - Hạnh phúc", 52.0, 8.8, 2.6, "arimo_bold", BLUE, 62, "middle"),
        Label("CĂN CƯỚC CÔNG DÂN", 52.0, 15.0, 4.6, "arimo_bold", RED, 54, "middle"),
        _label("Số:", 30.0, 20.6, 8, 3.0),
        _label("Họ và tên:", 27.0, 24.6, 16),
        _label("Ngày, tháng, năm sinh:", 27.0, 31.6, 27),
        _label("Giới tính:", 27.0, 35.8, 11),
        _label("Quốc tịch:", 51.0, 35.8, 12),
        _label("Quê quán:", 27.0, 40.0, 12),
        _label("Nơi thường trú:", 27.0, 46.2, 18),
        _label("Có giá trị đến:", 4.2, 51.4, 10.2, 1.8),
    ),
    slots=(
        Slot("number", 37.0, 20.8, 78.0, 4.2, "arimo_bold"),
        Slot("full_name", 27.0, 28.2, 80.8, 3.1, "arimo_bold"),
        Slot("date_of_birth", 55.6, 31.6, 80.0, 2.8, "arimo"),
        Slot("sex", 39.6, 35.8, 49.0, 2.7, "arimo"),
        Slot("nationality", 64.4, 35.8, 80.0, 2.7, "arimo"),
        Slot("place_of_origin", 27.0, 40.0, 80.6, 2.6, "arimo", first_x=40.6, lines=2, leading=3.1),
        Slot("place_of_residence", 27.0, 46.2, 80.6, 2.6, "arimo", first_x=46.4, lines=2, leading=3.3),
        Slot("date_of_expiry", 14.8, 51.4, 26.4, 2.1, "arimo"),
    ),
)

BACK = Layout(
    palette=PALETTE[::-1],
    motif="lotus",
    barcode=(22.0, 3.2, 81.6, 11.6),
    seal=(43.0, 33.4, 53.0, 43.4),
    signature=(50.0, 34.6, 68.0, 43.2),
    fingerprints=((5.4, 18.6, 18.4, 33.6), (5.4, 36.2, 18.4, 51.2)),
    specimen=(58.0, 45.4, 81.0, 52.0),
    labels=(
        _label("Đặc điểm nhận dạng:", 22.6, 16.2, 30),
        Label("Ngón trỏ trái", 11.9, 17.6, 1.7, "arimo", BLUE, 13, "middle"),
        Label("Ngón trỏ phải", 11.9, 35.4, 1.7, "arimo", BLUE, 13, "middle"),
        _label("Ngày, tháng, năm:", 34.0, 25.2, 24),
        Label("CỤC TRƯỞNG CỤC CẢNH SÁT", 52.0, 28.4, 2.2, "arimo_bold", BLUE, 56, "middle"),
        Label("ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ", 52.0, 31.4, 2.2, "arimo_bold", BLUE, 56, "middle"),
        Label("Nguyễn Văn Mẫu", 44.0, 48.0, 2.5, "arimo_bold", INK, 24, "middle"),
    ),
    slots=(
        Slot("identifying_marks", 22.6, 20.2, 80.0, 2.6, "arimo"),
        Slot("date_of_issue", 58.4, 25.2, 80.0, 2.7, "arimo"),
    ),
)
