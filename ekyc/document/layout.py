"""What stands printed on each kind of card: label texts, and rough places that only settle ties.

Sources: Thông tư 06/2021/TT-BCA Article 3 (chip card), Thông tư 16/2024/TT-BCA (2024 card); for the card of
2016 general knowledge, so its labels come in several wordings.
Places are millimetres from the top left corner of the card (85.6 x 53.98).
"""

from __future__ import annotations

from dataclasses import dataclass

from ekyc.types import DocumentType, Side

CARD_MM = (85.6, 53.98)


@dataclass(frozen=True, slots=True)
class Label:
    """A label on one side of a card. ``field`` is "" for text that announces no value.

    forms: alternative spellings, longest first; each is matched without spaces, marks and case.
    near: where the label begins, in millimetres; used only between equals.
    weight: how much finding it speaks for this side and type.
    """

    field: str
    forms: tuple[str, ...]
    near: tuple[float, float]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Labels of one side of one type.

    qr, mrz: whether this side carries them. without: (text, edits per letter) that this side never has.
    """

    document_type: DocumentType
    side: Side
    labels: tuple[Label, ...]
    qr: bool = False
    mrz: bool = False
    without: tuple[tuple[str, float], ...] = ()


_STATE = Label("", ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",), (22, 4), 0.2)
_STATE_EN = Label("", ("SOCIALIST REPUBLIC OF VIET NAM",), (26, 9), 0.2)
_MOTTO = Label("", ("Độc lập - Tự do - Hạnh phúc",), (28, 7), 0.1)
_MOTTO_EN = Label("", ("Independence - Freedom - Happiness",), (28, 11), 0.1)

CHIP_FRONT = Layout(
    DocumentType.CCCD_CHIP,
    "front",
    (
        _STATE,
        _STATE_EN,
        _MOTTO,
        _MOTTO_EN,
        Label("", ("CĂN CƯỚC CÔNG DÂN",), (27, 15), 2.0),
        Label("", ("Citizen Identity Card",), (36, 18), 2.0),
        Label("number", ("Số / No.",), (27, 22), 0.3),
        Label("full_name", ("Họ và tên / Full name", "Họ và tên", "Full name"), (27, 27)),
        Label("date_of_birth", ("Ngày sinh / Date of birth", "Ngày sinh", "Date of birth"), (27, 34)),
        Label("sex", ("Giới tính / Sex", "Giới tính"), (27, 37), 0.3),
        Label("nationality", ("Quốc tịch / Nationality", "Quốc tịch", "Nationality"), (50, 37), 0.3),
        Label(
            "place_of_origin", ("Quê quán / Place of origin", "Quê quán", "Place of origin"), (27, 40), 1.5
        ),
        Label(
            "place_of_residence",
            ("Nơi thường trú / Place of residence", "Nơi thường trú", "Place of residence"),
            (27, 47),
            1.2,
        ),
        Label("date_of_expiry", ("Có giá trị đến / Date of expiry", "Có giá trị đến"), (4, 49), 1.2),
        Label("date_of_expiry", ("Date of expiry",), (4, 51), 0.5),
    ),
    qr=True,
)

CHIP_BACK = Layout(
    DocumentType.CCCD_CHIP,
    "back",
    (
        Label("", ("Đặc điểm nhân dạng / Personal identification", "Đặc điểm nhân dạng"), (5, 4), 1.5),
        Label(
            "date_of_issue",
            ("Ngày, tháng, năm / Date, month, year", "Ngày, tháng, năm", "Date, month, year"),
            (5, 11),
            0.8,
        ),
        Label("", ("CỤC TRƯỞNG CỤC CẢNH SÁT",), (14, 14), 1.5),
        Label("", ("QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI",), (9, 16), 1.5),
        Label("", ("DIRECTOR GENERAL OF THE POLICE DEPARTMENT",), (9, 18)),
        Label("", ("FOR ADMINISTRATIVE MANAGEMENT OF SOCIAL ORDER",), (9, 20)),
        Label("", ("Ngón trỏ trái",), (57, 3)),
        Label("", ("Left index finger",), (57, 5)),
        Label("", ("Ngón trỏ phải",), (69, 3)),
        Label("", ("Right index finger",), (69, 5)),
    ),
    mrz=True,
)

CAN_CUOC_FRONT = Layout(
    DocumentType.CAN_CUOC,
    "front",
    (
        _STATE,
        _STATE_EN,
        _MOTTO,
        _MOTTO_EN,
        Label("", ("IDENTITY CARD",), (38, 18), 0.8),
        Label("", ("CĂN CƯỚC",), (36, 15), 0.3),
        Label(
            "number",
            (
                "Số định danh cá nhân / Personal identification number",
                "Số định danh cá nhân",
                "Personal identification number",
            ),
            (27, 23),
            2.0,
        ),
        Label(
            "full_name",
            ("Họ, chữ đệm và tên khai sinh / Full name", "Họ, chữ đệm và tên khai sinh", "Full name"),
            (27, 30),
            2.0,
        ),
        Label(
            "date_of_birth",
            ("Ngày, tháng, năm sinh / Date of birth", "Ngày, tháng, năm sinh", "Date of birth"),
            (27, 37),
            1.2,
        ),
        Label("sex", ("Giới tính / Sex", "Giới tính"), (65, 37), 0.3),
        Label("nationality", ("Quốc tịch / Nationality", "Quốc tịch", "Nationality"), (27, 44), 0.3),
    ),
)

CAN_CUOC_BACK = Layout(
    DocumentType.CAN_CUOC,
    "back",
    (
        Label(
            "place_of_residence",
            ("Nơi cư trú / Place of residence", "Nơi cư trú", "Place of residence"),
            (5, 4),
            1.5,
        ),
        Label(
            "place_of_birth",
            (
                "Nơi đăng ký khai sinh / Place of birth registration",
                "Nơi đăng ký khai sinh / Place of birth",
                "Nơi đăng ký khai sinh",
                "Place of birth",
            ),
            (5, 13),
            2.0,
        ),
        Label(
            "date_of_issue",
            ("Ngày, tháng, năm cấp / Date of issue", "Date of issue", "Ngày, tháng, năm cấp"),
            (23, 22),
            1.5,
        ),
        Label(
            "date_of_expiry",
            ("Ngày, tháng, năm hết hạn / Date of expiry", "Date of expiry", "Ngày, tháng, năm hết hạn"),
            (23, 28),
            1.5,
        ),
        Label("", ("BỘ CÔNG AN",), (61, 23)),
        Label("", ("MINISTRY OF PUBLIC SECURITY",), (58, 25), 1.5),
    ),
    qr=True,
    mrz=True,
)

# English stands on every later card. Much of it must be missing: a blurred chip card is no card of 2016.
_ENGLISH = (
    ("Citizen Identity Card", 0.5),
    ("Place of residence", 0.5),
    ("SOCIALIST REPUBLIC OF VIET NAM", 0.45),
    ("Independence - Freedom - Happiness", 0.45),
    ("Full name", 0.3),
    ("Date of birth", 0.3),
)

BARCODE_FRONT = Layout(
    DocumentType.CCCD_BARCODE,
    "front",
    (
        _STATE,
        _MOTTO,
        Label("", ("CĂN CƯỚC CÔNG DÂN",), (32, 11), 2.0),
        Label("number", ("Số:",), (30, 17), 0.3),
        Label("full_name", ("Họ và tên khai sinh", "Họ và tên"), (27, 22)),
        Label("date_of_birth", ("Ngày, tháng, năm sinh", "Ngày sinh"), (27, 29)),
        Label("sex", ("Giới tính",), (27, 33), 0.3),
        Label("nationality", ("Quốc tịch",), (51, 33), 0.3),
        Label("place_of_origin", ("Quê quán",), (27, 37), 0.5),
        Label("place_of_residence", ("Nơi thường trú",), (27, 43)),
        Label("date_of_expiry", ("Có giá trị đến",), (4, 49)),
    ),
    without=_ENGLISH,
)

BARCODE_BACK = Layout(
    DocumentType.CCCD_BARCODE,
    "back",
    (
        Label("", ("Đặc điểm nhận dạng",), (22, 14), 1.0),
        Label("date_of_issue", ("Ngày, tháng, năm",), (34, 22), 0.8),
        Label("", ("CỤC TRƯỞNG CỤC CẢNH SÁT",), (33, 26), 1.5),
        Label("", ("ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ",), (30, 29), 2.5),
        Label("", ("Ngón trỏ trái",), (5, 16), 0.5),
        Label("", ("Ngón trỏ phải",), (5, 34), 0.5),
    ),
    without=(("Personal identification", 0.4), ("Date, month, year", 0.4), ("Left index finger", 0.4)),
)

LAYOUTS = (CHIP_FRONT, CHIP_BACK, CAN_CUOC_FRONT, CAN_CUOC_BACK, BARCODE_FRONT, BARCODE_BACK)
