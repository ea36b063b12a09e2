"""Papers that are no citizen identity card, or one that has ended: to show that each is refused by its name.

Only the words that such papers carry are theirs; designs and positions are invented.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ekyc.registry.person import Person
from ekyc.specimen.layout import Colour, Label, Layout, Slot
from ekyc.specimen.printer import card_values, print_side

Paper = Literal[
    "cmnd_9_front",
    "cmnd_9_back",
    "cmnd_12_front",
    "cmnd_12_back",
    "driving_licence",
    "health_insurance",
    "passport_page",
    "student_card",
    "bank_card",
]
PAPERS: tuple[Paper, ...] = get_args(Paper)

_INK: Colour = (24, 24, 40)
_RED: Colour = (190, 26, 34)
_GREEN: tuple[Colour, ...] = ((196, 222, 200), (214, 232, 212), (190, 218, 198))
_YELLOW: tuple[Colour, ...] = ((244, 226, 150), (250, 238, 190), (240, 218, 140))
_WHITE: tuple[Colour, ...] = ((236, 240, 246), (248, 248, 248), (232, 240, 246))
_DARK: tuple[Colour, ...] = ((40, 60, 120), (60, 90, 160), (30, 50, 100))
_STATE = Label("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 54, 5.0, 2.6, "arimo_bold", _INK, 56, "middle")
_MOTTO = Label("Độc lập - Tự do - Hạnh phúc", 54, 8.2, 2.4, "arimo_bold", _INK, 54, "middle")
_PORTRAIT = (4.4, 19.0, 24.4, 49.0)
_MARK = (60.0, 46.0, 82.0, 52.0)


def print_paper(paper: Paper, person: Person) -> NDArray[np.uint8]:
    """One side, 1000 x 1586 x 3 RGB, of the paper made out to the person."""
    values = {
        **card_values(person),
        "old_number": person.old_number or "090123456",
        "licence": f"{int(person.number) % 10**12:012d}",
        "insurance": f"DN 4 {person.number[:2]} {int(person.number) % 10**10:010d}",
        "bank": "9704 0000 0000 0018",
    }
    return print_side(_LAYOUTS[paper], person, values)


def _title(text: str, y: float = 14.6, size: float = 4.2, colour: Colour = _RED) -> Label:
    return Label(text, 54.0, y, size, "arimo_bold", colour, 56, "middle")


def _label(text: str, x: float, y: float, width: float, size: float = 2.4) -> Label:
    return Label(text, x, y, size, "arimo", _INK, width)


def _slot(field: str, x: float, y: float, right: float = 80.0, size: float = 2.7) -> Slot:
    return Slot(field, x, y, right, size, "arimo")


def _cmnd_front(title: str, number: str) -> Layout:
    labels = (
        _STATE,
        _MOTTO,
        _title(title),
        _label("SỐ", 34, 20.2, 6, 3.0),
        _label("Họ tên:", 27, 25.4, 12),
        _label("Sinh ngày:", 27, 30.4, 14),
        _label("Nguyên quán:", 27, 35.4, 18),
        _label("Nơi ĐKHK thường trú:", 27, 41.6, 32),
    )
    slots = (
        Slot(number, 42, 20.4, 78.0, 4.0, "arimo_bold"),
        Slot("full_name", 40, 25.4, 80.0, 3.0, "arimo_bold"),
        _slot("date_of_birth", 43, 30.4),
        _slot("place_of_origin", 46, 35.4),
        Slot("place_of_residence", 27, 45.2, 58.0, 2.5, "arimo", lines=2, leading=3.4),
    )
    return Layout(_GREEN, "lotus", labels, slots, _MARK, emblem=(5.0, 3.2, 17.0, 15.2), portrait=_PORTRAIT)


def _cmnd_back(*texts: str) -> Layout:
    labels = tuple(_label(text, 27, 7.0 + 5.4 * i, 54) for i, text in enumerate(texts))
    prints = ((5.4, 6.0, 20.4, 24.0), (5.4, 29.0, 20.4, 47.0))
    slots = (_slot("identifying_marks", 27, 38.0), _slot("date_of_issue", 46, 42.6))
    return Layout(_GREEN, "lotus", labels, slots, _MARK, seal=(30, 40, 41, 51), fingerprints=prints)


_LAYOUTS: dict[Paper, Layout] = {
    "cmnd_9_front": _cmnd_front("GIẤY CHỨNG MINH NHÂN DÂN", "old_number"),
    "cmnd_12_front": _cmnd_front("CHỨNG MINH NHÂN DÂN", "number"),
    "cmnd_9_back": _cmnd_back(
        "Dân tộc: Kinh      Tôn giáo: Không",
        "NGÓN TRỎ TRÁI",
        "DẤU VẾT RIÊNG VÀ DỊ HÌNH",
        "NGÓN TRỎ PHẢI",
        "GIÁM ĐỐC CA TỈNH THÁI NGUYÊN",
    ),
    "cmnd_12_back": _cmnd_back(
        "Họ và tên cha: TRẦN VĂN BA",
        "Họ và tên mẹ: LÊ THỊ TƯ",
        "Đặc điểm nhận dạng:",
        "GIÁM ĐỐC CÔNG AN TỈNH THÁI NGUYÊN",
    ),
    "driving_licence": Layout(
        _YELLOW,
        "lotus",
        (
            _STATE,
            _MOTTO,
            _title("GIẤY PHÉP LÁI XE / DRIVER'S LICENSE", 14.6, 3.0),
            _label("Số/No:", 30, 19.6, 10),
            _label("Họ tên/Full name:", 27, 24.6, 24),
            _label("Ngày sinh/Date of Birth:", 27, 29.6, 30),
            _label("Quốc tịch/Nationality:", 27, 34.2, 27),
            _label("Nơi cư trú/Address:", 27, 38.8, 25),
            _label("Hạng/Class: B2", 27, 47.0, 22),
            _label("Có giá trị đến/Expires: Không thời hạn", 4, 52.0, 46, 2.0),
        ),
        (
            Slot("licence", 42, 19.6, 78.0, 3.4, "arimo_bold"),
            _slot("full_name", 52, 24.6),
            _slot("date_of_birth", 58, 29.6),
            _slot("nationality", 56, 34.2),
            Slot("place_of_residence", 27, 42.0, 80, 2.4, "arimo", lines=1),
        ),
        _MARK,
        portrait=_PORTRAIT,
    ),
    "health_insurance": Layout(
        _WHITE,
        "lotus",
        (
            Label("BẢO HIỂM XÃ HỘI VIỆT NAM", 42.8, 6.0, 2.8, "arimo_bold", _INK, 60, "middle"),
            Label("THẺ BẢO HIỂM Y TẾ", 42.8, 12.0, 4.4, "arimo_bold", _RED, 60, "middle"),
            _label("Mã số:", 6, 19.0, 12),
            _label("Họ và tên:", 6, 24.6, 16),
            _label("Ngày sinh:", 6, 30.0, 16),
            _label("Giới tính:", 52, 30.0, 14),
            _label("Nơi ĐK KCB BĐ: Bệnh viện A Thái Nguyên", 6, 35.4, 60),
            _label("Giá trị sử dụng: từ ngày 01/01/2025", 6, 40.8, 56),
        ),
        (
            Slot("insurance", 20, 19.0, 78, 3.2, "arimo_bold"),
            _slot("full_name", 24, 24.6),
            _slot("date_of_birth", 24, 30.0, 50),
            _slot("sex", 68, 30.0),
        ),
        _MARK,
    ),
    "passport_page": Layout(
        _WHITE,
        "drum_and_map",
        (
            Label("HỘ CHIẾU / PASSPORT", 30, 6.0, 3.0, "arimo_bold", _RED, 44, "middle"),
            _label("Loại / Type: P", 30, 11.0, 24, 2.0),
            _label("Mã số / Code: VNM", 56, 11.0, 26, 2.0),
            _label("Họ và tên / Full name", 30, 15.0, 30, 2.0),
            _label("Ngày sinh / Date of birth", 30, 22.0, 32, 2.0),
            _label("Giới tính / Sex", 66, 22.0, 16, 2.0),
            _label("Nơi cấp / Place of issue: Cục Quản lý xuất nhập cảnh", 30, 30.0, 52, 2.0),
            _label("P<VNMTRAN<<VAN<DUC<<<<<<<<<<<<<<<<<<<<<<<<<<", 4, 41.0, 78, 2.9),
            _label("B12345674VNM6506173M3012315019065000018<<<06", 4, 46.0, 78, 2.9),
        ),
        (
            _slot("full_name", 30, 18.4),
            _slot("date_of_birth", 30, 25.4, 60),
            _slot("sex", 66, 25.4),
        ),
        (60.0, 48.0, 82.0, 52.6),
        portrait=(4.4, 5.0, 26.4, 34.0),
    ),
    "student_card": Layout(
        _WHITE,
        "lotus",
        (
            Label("ĐẠI HỌC THÁI NGUYÊN", 54, 7.0, 3.2, "arimo_bold", _INK, 56, "middle"),
            _title("THẺ SINH VIÊN", 15.0, 4.6),
            _label("Họ và tên:", 27, 24.6, 16),
            _label("Ngày sinh:", 27, 30.0, 16),
            _label("Lớp: K20 Công nghệ thông tin", 27, 35.6, 50),
        ),
        (_slot("full_name", 45, 24.6), _slot("date_of_birth", 45, 30.0)),
        _MARK,
        portrait=_PORTRAIT,
    ),
    "bank_card": Layout(
        _DARK,
        "lotus",
        (
            Label("NGÂN HÀNG MẪU", 22, 8.0, 3.6, "arimo_bold", (240, 240, 240), 36, "middle"),
            Label("VALID THRU 09/29", 30, 40.0, 2.2, "arimo", (240, 240, 240), 30),
        ),
        (Slot("bank", 10, 33.0, 78, 5.2, "arimo_bold"), _slot("full_name", 10, 47.0, 56, 3.0)),
        _MARK,
        chip=(10.0, 16.0, 21.0, 25.0),
    ),
}
