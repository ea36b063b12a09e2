"""Papers that are not accepted, told by the words that only they carry."""

from __future__ import annotations

from ekyc.document.page import Page, search
from ekyc.errors import EkycError
from ekyc.types import DocumentType

_LIMIT = 0.2  # edits per letter

# the CMND ended on 31 December 2024 (Law on Identification 26/2023, Article 46)
_CMND = (
    "CHỨNG MINH NHÂN DÂN",
    "Dấu vết riêng và dị hình",
    "Nơi ĐKHK thường trú",
    "Nơi đăng ký thường trú",
    "GIÁM ĐỐC CÔNG AN",
    "GIÁM ĐỐC CA TỈNH",
)
_OTHERS: tuple[tuple[str, str], ...] = (
    ("GIẤY PHÉP LÁI XE", "driving licence"),
    ("DRIVER'S LICENSE", "driving licence"),
    ("THẺ BẢO HIỂM Y TẾ", "health insurance card"),
    ("BẢO HIỂM XÃ HỘI VIỆT NAM", "health insurance card"),
    ("HỘ CHIẾU PASSPORT", "passport"),
    ("PASSPORT", "passport"),
    ("Cục Quản lý xuất nhập cảnh", "passport"),
    ("THẺ SINH VIÊN", "student card"),
    ("THẺ HỌC SINH", "student card"),
    ("GIẤY KHAI SINH", "birth certificate"),
    ("CHỨNG NHẬN ĐĂNG KÝ XE", "vehicle registration"),
    ("VALID THRU", "bank card"),
    ("THẺ ĐẢNG VIÊN", "membership card"),
    ("GIẤY XÁC NHẬN SỐ ĐỊNH DANH", "certificate"),
)


def refuse_other_papers(page: Page) -> None:
    """Raises EkycError card_cmnd_ended or card_other_paper for a paper whose words give it away."""
    if any(search(page, text, _LIMIT) for text in _CMND):
        twelve = any(sum(c.isdigit() for c in line.line.text) == 12 for line in page.lines)
        raise EkycError("card_cmnd_ended", DocumentType.CMND_12 if twelve else DocumentType.CMND_9)
    for text, paper in _OTHERS:
        if search(page, text, _LIMIT):
            raise EkycError("card_other_paper", paper)
