"""Invented Vietnamese names: Kinh, Tày, Nùng and Dao, put together at random."""

from __future__ import annotations

import random

from ekyc.registry.person import Sex

# weights near the shares of the groups in Thái Nguyên
_GROUPS = (("Kinh", 66), ("Tày", 18), ("Nùng", 9), ("Dao", 7))

_FAMILY: dict[str, tuple[str, ...]] = {
    "Kinh": (
        "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Phạm", "Hoàng", "Phan",
        "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đào", "Đinh", "Trịnh", "Mai", "Tạ",
        "Cao", "Lưu", "Phùng", "Tống",
    ),
    "Tày": ("Hoàng", "Nông", "Ma", "Lường", "Hà", "Triệu", "Chu", "Bế", "Đàm", "Lộc", "Vi", "Mông"),
    "Nùng": ("Hoàng", "Nông", "Lương", "Hứa", "Lý", "Linh", "Phùng", "Đàm", "Lăng", "Chung", "Mạc"),
    "Dao": ("Bàn", "Triệu", "Đặng", "Lý", "Phùng", "Chảo", "Tẩn", "Dương"),
}  # fmt: skip

_MIDDLE: dict[Sex, tuple[str, ...]] = {
    "male": (
        "Văn", "Văn", "Văn", "Hữu", "Đức", "Quang", "Quốc", "Minh", "Xuân", "Ngọc", "Thành", "Công",
        "Đình", "Tuấn", "Anh", "Trọng", "Viết", "Bá",
    ),
    "female": (
        "Thị", "Thị", "Thị", "Thị", "Thị Hồng", "Thị Thu", "Thị Ngọc", "Thị Thanh", "Thị Kim", "Thị Minh",
        "Ngọc", "Thu", "Phương", "Khánh", "Bích", "Diệu", "Mai", "Hoài",
    ),
}  # fmt: skip

_GIVEN: dict[Sex, tuple[str, ...]] = {
    "male": (
        "An", "Bình", "Cường", "Dũng", "Đạt", "Đông", "Giang", "Hải", "Hiếu", "Hòa", "Hùng", "Huy", "Khánh",
        "Kiên", "Lâm", "Long", "Mạnh", "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Quý", "Sơn", "Tài", "Thắng",
        "Thịnh", "Tiến", "Toàn", "Trung", "Tú", "Tuấn", "Tùng", "Việt", "Vinh", "Vượng",
    ),
    "female": (
        "Anh", "Bích", "Chi", "Diệp", "Dung", "Duyên", "Đào", "Giang", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa",
        "Huệ", "Hương", "Huyền", "Lan", "Linh", "Loan", "Mai", "My", "Nga", "Ngân", "Nhung", "Oanh", "Phượng",
        "Quỳnh", "Tâm", "Thảo", "Thủy", "Trang", "Tuyết", "Uyên", "Vân", "Xuân", "Yến",
    ),
}  # fmt: skip

# Dao names follow a generation word and often carry older forms
_DAO_MIDDLE: dict[Sex, tuple[str, ...]] = {
    "male": ("Tài", "Tiến", "Phúc", "Kim", "Văn", "Hữu", "Chòi"),
    "female": ("Mùi", "Thị", "Tà", "Thị Mùi"),
}
_DAO_GIVEN: dict[Sex, tuple[str, ...]] = {
    "male": ("Lộc", "Phúc", "Quyên", "Tiến", "Minh", "Vạn", "Thanh", "Pu", "Sao", "Quý"),
    "female": ("Nhậy", "Mẩy", "Pham", "Ghển", "Chài", "Lai", "Nái", "Khé"),
}


def pick_group(rng: random.Random) -> str:
    """Kinh, Tày, Nùng or Dao."""
    return rng.choices([name for name, _ in _GROUPS], [weight for _, weight in _GROUPS])[0]


def make_name(rng: random.Random, sex: Sex, *, group: str | None = None, family: str | None = None) -> str:
    """A full name, family name first. ``family`` keeps a child's name with the father's."""
    group = group or pick_group(rng)
    middle, given = (_DAO_MIDDLE, _DAO_GIVEN) if group == "Dao" else (_MIDDLE, _GIVEN)
    while True:
        words = [family or rng.choice(_FAMILY[group]), rng.choice(middle[sex]), rng.choice(given[sex])]
        if words[1].split()[-1] != words[2] and words[0] != words[2]:  # nobody is called Thu Thu
            return " ".join(words)
