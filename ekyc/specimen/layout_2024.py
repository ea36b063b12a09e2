"""Thẻ căn cước, printed from 2024-07-01 (Law 26/2023/QH15, Thông tư 16/2024/TT-BCA).

Emblem diameter, portrait size and the QR code's 18 mm are the circular's; the other positions are estimates.
"""

from __future__ import annotations

from ekyc.specimen.layout import Colour, Label, Layout, Slot

INK: Colour = (18, 18, 22)
VIOLET: Colour = (46, 44, 128)
RED: Colour = (200, 22, 30)
PALETTE: tuple[Colour, ...] = (
    (168, 208, 238),
    (206, 226, 232),
    (252, 240, 184),
    (206, 226, 232),
    (164, 206, 240),
)


def _label(text: str, x: float, y: float, width: float, size: float = 2.15) -> Label:
    return Label(text, x, y, size, "roboto", VIOLET, width)


FRONT = Layout(
    palette=PALETTE,
    motif="drum_and_map",
    emblem=(5.0, 3.4, 17.0, 15.4),
    portrait=(4.4, 19.0, 24.4, 49.0),
    chip_symbol=(75.6, 4.0, 81.6, 8.0),
    specimen=(55.0, 45.2, 81.0, 51.6),
    labels=(
        Label("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 46.6, 5.2, 2.35, "roboto_bold", VIOLET, 52, "middle"),
        Label("Độc lập - Tự do - Hạnh phúc", 46.6, 7.8, 2.2, "roboto_bold", VIOLET, 52, "middle"),
        Label("SOCIALIST REPUBLIC OF VIET NAM", 46.6, 10.0, 1.7, "roboto", VIOLET, 52, "middle"),
        Label("Independence - Freedom - Happiness", 46.6, 12.0, 1.7, "roboto", VIOLET, 52, "middle"),
        Label("CĂN CƯỚC", 46.6, 16.9, 4.4, "roboto_bold", RED, 40, "middle"),
        Label("IDENTITY CARD", 46.6, 19.6, 2.3, "roboto_bold", VIOLET, 40, "middle"),
        _label("Số định danh cá nhân / Personal identification number:", 27.4, 23.4, 53),
        _label("Họ, chữ đệm và tên khai sinh / Full name:", 27.4, 31.0, 53),
        _label("Ngày, tháng, năm sinh / Date of birth:", 27.4, 38.2, 36),
        _label("Giới tính / Sex:", 65.4, 38.2, 15),
        _label("Quốc tịch / Nationality:", 27.4, 45.0, 26),
    ),
    slots=(
        Slot("number", 27.4, 27.6, 80.8, 4.2, "roboto_bold"),
        Slot("full_name", 27.4, 34.7, 80.8, 3.2, "roboto_medium"),
        Slot("date_of_birth", 27.4, 41.7, 60.0, 2.9, "roboto"),
        Slot("sex", 65.4, 41.7, 80.8, 2.9, "roboto"),
        Slot("nationality", 27.4, 48.5, 53.0, 2.9, "roboto"),
    ),
)

BACK = Layout(
    palette=PALETTE,
    motif="lotus",
    chip=(7.0, 22.4, 19.6, 32.4),
    qr=(62.4, 3.4, 80.4, 21.4),
    specimen=(58.6, 26.8, 81.0, 33.4),
    mrz_left=4.6,
    mrz_baselines=(40.0, 45.0, 50.0),
    labels=(
        _label("Nơi cư trú / Place of residence:", 5.0, 4.6, 54, 2.0),
        _label("Nơi đăng ký khai sinh / Place of birth:", 5.0, 13.6, 54, 2.0),
        _label("Ngày, tháng, năm cấp / Date of issue:", 23.0, 22.8, 33, 1.8),
        _label("Ngày, tháng, năm hết hạn / Date of expiry:", 23.0, 28.4, 34, 1.8),
        Label("BỘ CÔNG AN", 69.8, 24.2, 1.9, "roboto_bold", VIOLET, 22, "middle"),
        Label("MINISTRY OF PUBLIC SECURITY", 69.8, 26.2, 1.4, "roboto", VIOLET, 22, "middle"),
    ),
    slots=(
        Slot("place_of_residence", 5.0, 7.7, 59.6, 2.6, "roboto", lines=2, leading=3.0),
        Slot("place_of_birth", 5.0, 16.6, 59.6, 2.6, "roboto", lines=2, leading=3.0),
        Slot("date_of_issue", 23.0, 25.7, 50.0, 2.5, "roboto"),
        Slot("date_of_expiry", 23.0, 31.3, 50.0, 2.5, "roboto"),
    ),
)
