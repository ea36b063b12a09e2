"""Addresses, before and after the two-tier reform of 2025-07-01. Real place names, invented combinations.

Before: commune, district, province. After: commune or ward, province; Thái Nguyên now includes Bắc Kạn.
"""

from __future__ import annotations

import random
from datetime import date

TWO_TIER_SINCE = date(2025, 7, 1)

# province code -> communes with their district as they stood until 2025-06-30
_OLD: dict[str, tuple[str, ...]] = {
    "019": (
        "Phan Đình Phùng, Thành phố Thái Nguyên", "Hoàng Văn Thụ, Thành phố Thái Nguyên",
        "Trưng Vương, Thành phố Thái Nguyên", "Quang Trung, Thành phố Thái Nguyên",
        "Đồng Quang, Thành phố Thái Nguyên", "Gia Sàng, Thành phố Thái Nguyên",
        "Tân Thịnh, Thành phố Thái Nguyên", "Tân Cương, Thành phố Thái Nguyên",
        "Túc Duyên, Thành phố Thái Nguyên", "Cam Giá, Thành phố Thái Nguyên",
        "Mỏ Chè, Thành phố Sông Công", "Bách Quang, Thành phố Sông Công", "Ba Hàng, Thành phố Phổ Yên",
        "Đồng Tiến, Thành phố Phổ Yên", "Hùng Sơn, Đại Từ", "La Bằng, Đại Từ", "Cù Vân, Đại Từ",
        "Chợ Chu, Định Hóa", "Phú Đình, Định Hóa", "Bình Yên, Định Hóa", "Hóa Thượng, Đồng Hỷ",
        "Trại Cau, Đồng Hỷ", "Hương Sơn, Phú Bình", "Kha Sơn, Phú Bình", "Đu, Phú Lương",
        "Vô Tranh, Phú Lương", "Đình Cả, Võ Nhai", "La Hiên, Võ Nhai", "Thần Sa, Võ Nhai",
    ),
    "006": (
        "Đức Xuân, Thành phố Bắc Kạn", "Sông Cầu, Thành phố Bắc Kạn", "Chợ Rã, Ba Bể", "Khang Ninh, Ba Bể",
        "Bằng Lũng, Chợ Đồn", "Nghĩa Tá, Chợ Đồn", "Yến Lạc, Na Rì", "Phủ Thông, Bạch Thông",
        "Vân Tùng, Ngân Sơn", "Đồng Tâm, Chợ Mới", "Bộc Bố, Pác Nặm",
    ),
    "001": ("Kim Mã, Ba Đình", "Trung Hòa, Cầu Giấy", "Phù Lỗ, Sóc Sơn", "Đông Anh, Đông Anh"),
    "004": ("Hợp Giang, Thành phố Cao Bằng", "Tà Lùng, Quảng Hòa", "Trùng Khánh, Trùng Khánh"),
    "008": ("Tân Quang, Thành phố Tuyên Quang", "Sơn Dương, Sơn Dương", "Na Hang, Na Hang"),
    "020": ("Vĩnh Trại, Thành phố Lạng Sơn", "Bắc Sơn, Bắc Sơn", "Bình Gia, Bình Gia"),
    "024": ("Ngô Quyền, Thành phố Bắc Giang", "Thắng, Hiệp Hòa", "Phồn Xương, Yên Thế"),
    "026": ("Tích Sơn, Thành phố Vĩnh Yên", "Hợp Châu, Tam Đảo"),
    "034": ("Lê Hồng Phong, Thành phố Thái Bình", "Vũ Thư, Vũ Thư", "Tiền Hải, Tiền Hải"),
    "036": ("Vị Xuyên, Thành phố Nam Định", "Gôi, Vụ Bản", "Lâm, Ý Yên"),
    "038": ("Điện Biên, Thành phố Thanh Hóa", "Rừng Thông, Đông Sơn", "Bút Sơn, Hoằng Hóa"),
    "040": ("Hưng Bình, Thành phố Vinh", "Nam Đàn, Nam Đàn", "Diễn Châu, Diễn Châu"),
    "079": ("Bến Nghé, Quận 1", "Linh Chiểu, Thành phố Thủ Đức", "Hóc Môn, Hóc Môn"),
}  # fmt: skip

PROVINCE_NAMES = {
    "019": "Thái Nguyên", "006": "Bắc Kạn", "001": "Hà Nội", "004": "Cao Bằng", "008": "Tuyên Quang",
    "020": "Lạng Sơn", "024": "Bắc Giang", "026": "Vĩnh Phúc", "034": "Thái Bình", "036": "Nam Định",
    "038": "Thanh Hóa", "040": "Nghệ An", "079": "Hồ Chí Minh",
}  # fmt: skip

# wards and communes of Thái Nguyên since 2025-07-01
_NEW_WARDS = (
    "Phan Đình Phùng", "Linh Sơn", "Tích Lương", "Gia Sàng", "Quyết Thắng", "Quan Triều", "Phổ Yên",
    "Vạn Xuân", "Trung Thành", "Phúc Thuận", "Sông Công", "Bá Xuyên", "Bách Quang", "Đức Xuân", "Bắc Kạn",
)  # fmt: skip
_NEW_COMMUNES = (
    "Tân Cương", "Đại Phúc", "Đại Từ", "Đức Lương", "Phú Thịnh", "La Bằng", "An Khánh", "Quân Chu",
    "Phú Bình", "Điềm Thụy", "Kha Sơn", "Đồng Hỷ", "Quang Sơn", "Trại Cau", "Văn Hán", "Phú Lương",
    "Vô Tranh", "Yên Trạch", "Định Hóa", "Bình Yên", "Phú Đình", "Lam Vỹ", "Võ Nhai", "Dân Tiến", "La Hiên",
    "Tràng Xá", "Thần Sa", "Ba Bể", "Chợ Rã", "Ngân Sơn", "Nà Phặc", "Chợ Đồn", "Nghĩa Tá", "Phủ Thông",
    "Bạch Thông", "Na Rì", "Chợ Mới", "Bằng Thành",
)  # fmt: skip

# where the people of the registry were born: mostly here, some in the provinces around
_BIRTH_WEIGHTS = {"019": 74, "006": 12} | dict.fromkeys(PROVINCE_NAMES.keys() - {"019", "006"}, 1)


def pick_birth_province(rng: random.Random) -> str:
    """A province code of three digits."""
    codes = sorted(_BIRTH_WEIGHTS)
    return rng.choices(codes, [_BIRTH_WEIGHTS[code] for code in codes])[0]


def old_place(rng: random.Random, province: str) -> str:
    """Commune, district, province as written until 2025-06-30. province: one of ``PROVINCE_NAMES``."""
    return f"{rng.choice(_OLD[province])}, {PROVINCE_NAMES[province]}"


def residence(rng: random.Random, on: date) -> str:
    """A home in Thái Nguyên (or Bắc Kạn before the merger), written as on the day ``on``."""
    if on >= TWO_TIER_SINCE:
        if rng.random() < 0.5:
            return f"{_lane(rng)}, Phường {rng.choice(_NEW_WARDS)}, Thái Nguyên"
        return f"{_hamlet(rng)}, Xã {rng.choice(_NEW_COMMUNES)}, Thái Nguyên"
    place = old_place(rng, "019" if rng.random() < 0.87 else "006")
    return f"{_lane(rng) if 'Thành phố' in place else _hamlet(rng)}, {place}"


def _lane(rng: random.Random) -> str:
    return f"Tổ {rng.randint(1, 24)}"


def _hamlet(rng: random.Random) -> str:
    return rng.choice(
        (f"Xóm {rng.randint(1, 15)}", "Xóm Đồng Chùa", "Xóm Làng Mới", "Thôn Nà Pài", "Xóm Gò Mây")
    )
