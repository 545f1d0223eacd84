"""The commonest given names, as written: two of them are two names, not one mistyped."""

_NAMES = """
an anh ánh ân bắc bảo bình bích bửu cảnh cầm cẩm châu chi chiến chính chung chương công cúc
cường danh diễm diệp diệu dung dũng duy duyên dư dương đào đại đạo đạt đăng điền điệp định đoan
đoàn đông đồng đức gấm giang giáp hà hạ hải hân hằng hạnh hào hảo hậu hiên hiền hiển hiệp hiếu
hiệu hoa hòa hoài hoan hoàn hoàng hoành hồng hợp huân huấn huệ hùng huy huyền huỳnh hưng hương
hường hữu kha khải khang khánh khiêm khoa khôi khương khuê kiên kiệt kiều kim kỳ lài lam lâm lan
lành lân lập lê lệ lên liêm liên liễu linh loan lộc lợi long luân luận lực lụa lượng lương lưu
lý mai mẫn mạnh mây mến mi minh mơ mùi mừng mỹ nam năm năng nga ngà ngân nghi nghĩa nghiêm ngọc
nguyên nguyệt nhài nhàn nhân nhâm nhật nhi nhiên nhơn như nhung nữ nương oanh phát phi phong phú
phúc phụng phước phương phượng quân quang quảng quế quốc quy quý quyên quyền quyết quỳnh sa san
sang sâm sáng sen sinh song sơn sự sương sỹ tài tâm tân tấn thạch thái thắm thân thăng thắng
thanh thành thạnh thảo thạo thập thế thi thịnh thiên thiện thoa thoan thọ thơ thơm thông thu
thuận thục thúy thùy thủy thư thức thương thường tiên tiến tín tình tỉnh toàn toản tố trà trâm
trân trang tráng tri trí triều trinh trình trọng trúc trung trực trường tú tuân tuấn tuệ tùng
tuyên tuyến tuyền tuyết tư tước tường uyên vân văn vi viên viễn việt vinh vĩnh vũ vui vương vỹ
xoan xuân xuyến yên yến ý
"""
COMMON = frozenset(_NAMES.split())
