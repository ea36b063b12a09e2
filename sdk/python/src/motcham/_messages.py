"""What the citizen reads when something goes wrong: code -> (Vietnamese, English)."""

from __future__ import annotations

_LATER = (
    "Hệ thống Một Chạm đang tạm thời không phản hồi. Ông/bà vui lòng thử lại sau ít phút.",
    "Một Chạm is not answering right now. Please try again in a few minutes.",
)
_UNTRUSTED = (
    "Không thể xác minh kết quả đăng nhập nên ứng dụng đã dừng lại để bảo vệ ông/bà. Vui lòng thử lại.",
    "The sign-in could not be verified, so the app stopped to protect you. Please try again.",
)
_SETUP = (
    "Ứng dụng chưa được cài đặt đúng. Vui lòng báo cho đơn vị vận hành mã lỗi bên dưới.",
    "This app is not set up correctly. Please give its operator the code below.",
)

SENTENCES: dict[str, tuple[str, str]] = {
    "access_denied": (
        "Ông/bà đã không đồng ý chia sẻ thông tin, nên chưa được đăng nhập. Không dữ liệu nào được gửi đi.",
        "You did not agree to share your information, so you are not signed in. Nothing was sent.",
    ),
    "state_mismatch": (
        "Lượt đăng nhập này đã được dùng hoặc không bắt đầu từ trình duyệt này. Vui lòng thử lại.",
        "This sign-in was already used or did not start in this browser. Please try again.",
    ),
    "cookies_missing": (
        "Trình duyệt đang chặn cookie nên không thể hoàn tất đăng nhập. Hãy cho phép cookie rồi thử lại.",
        "Your browser blocks cookies, so sign-in cannot finish. Please allow cookies and try again.",
    ),
    "sign_in_expired": (
        "Lượt đăng nhập đã quá thời gian cho phép. Vui lòng thử lại.",
        "This sign-in took too long. Please try again.",
    ),
    "sign_in_required": (
        "Ông/bà cần đăng nhập để gửi nội dung này. Hãy đăng nhập rồi quay lại trang trước và gửi lại.",
        "You need to sign in to send this. Sign in, then go back to the previous page and send it again.",
    ),
    "level_too_low": (
        "Dịch vụ này cần mức xác minh danh tính cao hơn. Vui lòng xác minh thêm rồi thử lại.",
        "This service needs a higher level of identity verification. Please verify and try again.",
    ),
    "sign_in_too_old": (
        "Ông/bà cần đăng nhập lại để tiếp tục việc này.",
        "Please sign in again to continue.",
    ),
    "scope_missing": (
        "Dịch vụ này cần thêm thông tin mà ông/bà chưa đồng ý chia sẻ.",
        "This service needs information that you have not agreed to share.",
    ),
    "cross_site": (
        "Yêu cầu đăng xuất không đến từ ứng dụng này nên đã bị từ chối.",
        "The request to sign out did not come from this app and was refused.",
    ),
    "session_too_large": _SETUP,
    "session_store_unavailable": (
        "Ứng dụng đang tạm thời không tra được lượt đăng nhập. Ông/bà vui lòng thử lại sau ít phút.",
        "This app cannot look up sign-ins right now. Please try again in a few minutes.",
    ),
    "provider_unavailable": _LATER,
    "provider_refused": _SETUP,
    "token_endpoint_refused": _UNTRUSTED,
    "metadata_invalid": _SETUP,
    "metadata_issuer_mismatch": _SETUP,
}


def sentences(code: str) -> tuple[str, str]:
    """The two sentences for ``code``; checks of the provider's answer share one pair."""
    return SENTENCES.get(code, _UNTRUSTED)
