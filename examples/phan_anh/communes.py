"""The 92 wards and communes of Thái Nguyên since 1 July 2025 (Nghị quyết 1683/NQ-UBTVQH15)."""

from __future__ import annotations

_WARDS = """
Bá Xuyên, Bách Quang, Bắc Kạn, Đức Xuân, Gia Sàng, Linh Sơn, Phan Đình Phùng, Phổ Yên, Phúc Thuận,
Quan Triều, Quyết Thắng, Sông Công, Tích Lương, Trung Thành, Vạn Xuân
"""
_COMMUNES = """
An Khánh, Ba Bể, Bạch Thông, Bằng Thành, Bằng Vân, Bình Thành, Bình Yên, Cao Minh, Cẩm Giàng, Chợ
Đồn, Chợ Mới, Chợ Rã, Côn Minh, Cường Lợi, Dân Tiến, Đại Phúc, Đại Từ, Điềm Thụy, Định Hóa, Đồng Hỷ,
Đồng Phúc, Đức Lương, Hiệp Lực, Hợp Thành, Kha Sơn, Kim Phượng, La Bằng, La Hiên, Lam Vỹ, Na Rì, Nà
Phặc, Nam Cường, Nam Hòa, Ngân Sơn, Nghiên Loan, Nghinh Tường, Nghĩa Tá, Phong Quang, Phú Bình, Phú
Đình, Phú Lạc, Phú Lương, Phú Thịnh, Phú Xuyên, Phúc Lộc, Phủ Thông, Phượng Tiến, Quảng Bạch, Quang
Sơn, Quân Chu, Sảng Mộc, Tân Cương, Tân Khánh, Tân Kỳ, Tân Thành, Thanh Mai, Thanh Thịnh, Thành
Công, Thần Sa, Thượng Minh, Thượng Quan, Trại Cau, Tràng Xá, Trần Phú, Trung Hội, Vạn Phú, Văn Hán,
Văn Lang, Văn Lăng, Vĩnh Thông, Võ Nhai, Vô Tranh, Xuân Dương, Yên Bình, Yên Phong, Yên Thịnh, Yên
Trạch
"""


def _named(kind: str, names: str) -> tuple[str, ...]:
    return tuple(f"{kind} {' '.join(name.split())}" for name in names.split(","))


WARDS = _named("Phường", _WARDS)
COMMUNES = _named("Xã", _COMMUNES)
PLACES = WARDS + COMMUNES
