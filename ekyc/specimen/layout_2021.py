"""Căn cước công dân with chip, printed 2021-01-23 to 2024-06-30 (Thông tư 06/2021/TT-BCA, Article 3).

Emblem diameter and portrait size are the circular's; the other positions are estimates.
"""

from __future__ import annotations

from ekyc.specimen.fonts import FontName
from ekyc.specimen.layout import Colour, Label, Layout, Slot

INK: Colour = (18, 18, 22)
BLUE: Colour = (18, 52, 104)
RED: Colour = (196, 24, 32)
PALETTE: tuple[Colour, ...] = (
    (190, 226, 224),
    (226, 238, 212),
    (250, 236, 190),
    (222, 236, 214),
    (178, 220, 226),
)


def _label(text: str, x: float, y: float, width: float, size: float = 2.05) -> Label:
    return Label(text, x, y, size, "arimo", BLUE, width)


FRONT = Layout(
    palette=PALETTE,
    motif="drum_and_map",
    emblem=(5.0, 3.2, 17.0, 15.2),
    portrait=(4.4, 17.6, 24.4, 47.6),
    chip_symbol=(20.4, 13.4, 25.4, 16.8),
    qr=(68.2, 3.4, 82.2, 17.4),
    specimen=(81.4, 20.0, 85.0, 52.0),
    labels=(
        Label("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 42.4, 4.9, 2.3, "arimo_bold", BLUE, 47, "middle"),
        Label("Độc lập - Tự do - Hạnh phúc", 42.4, 7.5, 2.2, "arimo_bold", BLUE, 48, "middle"),
        Label("SOCIALIST REPUBLIC OF VIET NAM", 42.4, 9.8, 1.75, "arimo", BLUE, 48, "middle"),
        Label("Independence - Freedom - Happiness", 42.4, 11.8, 1.75, "arimo", BLUE, 48, "middle"),
        Label("CĂN CƯỚC CÔNG DÂN", 46.4, 16.2, 3.75, "arimo_bold", RED, 40, "middle"),
        Label("Citizen Identity Card", 46.4, 18.7, 2.3, "arimo_bold", RED, 40, "middle"),
        _label("Số / No.:", 27.0, 23.4, 10, 2.5),
        _label("Họ và tên / Full name:", 27.0, 27.4, 40),
        _label("Ngày sinh / Date of birth:", 27.0, 34.4, 26),
        _label("Giới tính / Sex:", 27.0, 37.8, 14.0),
        _label("Quốc tịch / Nationality:", 48.6, 37.8, 20.8),
        _label("Quê quán / Place of origin:", 27.0, 41.2, 40),
        _label("Nơi thường trú / Place of residence:", 27.0, 47.6, 35.4),
        _label("Có giá trị đến:", 4.2, 49.8, 8.8, 1.75),
        _label("Date of expiry:", 4.2, 51.8, 8.8, 1.75),
    ),
    slots=(
        Slot("number", 37.6, 23.6, 80.0, 4.1, "arimo_bold"),
        Slot("full_name", 27.0, 30.9, 80.0, 3.2, "arimo_bold"),
        Slot("date_of_birth", 51.0, 34.4, 80.0, 2.8, "arimo"),
        Slot("sex", 41.1, 37.8, 47.0, 2.6, "arimo"),
        Slot("nationality", 69.9, 37.8, 81.2, 2.6, "arimo"),
        Slot("place_of_origin", 27.0, 44.4, 80.0, 2.7, "arimo"),
        Slot("place_of_residence", 27.0, 47.6, 80.0, 2.7, "arimo", first_x=60.6, lines=2, leading=3.3),
        Slot("date_of_expiry", 13.2, 50.6, 25.4, 2.4, "arimo"),
    ),
)

_AUTHORITY: tuple[tuple[str, FontName, float, float], ...] = (
    ("CỤC TRƯỞNG CỤC CẢNH SÁT", "arimo_bold", 1.9, 15.2),
    ("QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI", "arimo_bold", 1.9, 17.4),
    ("DIRECTOR GENERAL OF THE POLICE DEPARTMENT", "arimo", 1.45, 19.2),
    ("FOR ADMINISTRATIVE MANAGEMENT OF SOCIAL ORDER", "arimo", 1.45, 20.9),
)

BACK = Layout(
    palette=PALETTE[::-1],
    motif="lotus",
    chip=(7.0, 21.6, 19.6, 31.6),
    seal=(24.0, 21.4, 33.6, 31.0),
    signature=(32.0, 22.4, 48.0, 30.4),
    fingerprints=((56.4, 6.4, 67.4, 22.4), (69.0, 6.4, 80.0, 22.4)),
    specimen=(56.4, 26.6, 80.0, 33.0),
    mrz_left=4.6,
    mrz_baselines=(40.0, 45.0, 50.0),
    labels=(
        _label("Đặc điểm nhân dạng / Personal identification:", 5.0, 4.8, 44, 2.0),
        _label("Ngày, tháng, năm / Date, month, year:", 5.0, 12.6, 32, 2.0),
        *(Label(text, 28.6, y, size, font, BLUE, 47, "middle") for text, font, size, y in _AUTHORITY),
        Label("Nguyễn Văn Mẫu", 40.0, 33.7, 2.3, "arimo_bold", INK, 22, "middle"),
        Label("Ngón trỏ trái", 61.9, 3.4, 1.55, "arimo", BLUE, 12, "middle"),
        Label("Left index finger", 61.9, 5.4, 1.35, "arimo", BLUE, 12, "middle"),
        Label("Ngón trỏ phải", 74.5, 3.4, 1.55, "arimo", BLUE, 12, "middle"),
        Label("Right index finger", 74.5, 5.4, 1.35, "arimo", BLUE, 12, "middle"),
    ),
    slots=(
        Slot("identifying_marks", 5.0, 8.2, 53.0, 2.6, "arimo"),
        Slot("date_of_issue", 37.6, 12.6, 54.0, 2.6, "arimo"),
    ),
)
